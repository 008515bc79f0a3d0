// SPDX-License-Identifier: Apache-2.0
import Basics
import Glibc
import TestSupport

/// The built command, run as a child with a home of its own.
struct Tool: Sendable {
    /// What a finished run left.
    struct Outcome: Sendable, CustomStringConvertible {
        var exit: Int32
        /// The signal that ended it, if one did.
        var signal: Int32?
        var out: String
        var err: String

        var description: String {
            "exit \(exit)\(signal.map { " signal \($0)" } ?? "")\nout: \(out)\nerr: \(err)"
        }
    }

    /// Lies beside the test bundle, in the folder of this configuration's products.
    static let path: String = {
        guard let own = realpath("/proc/self/exe", nil) else {
            fatalError("cannot find the running test bundle")
        }
        defer { free(own) }
        return "/" + String(cString: own).split(separator: "/").dropLast().joined(separator: "/")
            + "/headgate"
    }()

    let folder = TemporaryFolder()
    var home: String { folder.file("home") }
    /// Variables set beside those of the tests themselves.
    var environment: [String: String] = [:]

    /// Runs to the end, at most `limit`, then it is killed.
    func run(_ arguments: String..., input: String = "", limit: Duration = .seconds(180)) async throws
        -> Outcome
    {
        try await run(arguments, input: input, limit: limit)
    }

    func run(_ arguments: [String], input: String = "", limit: Duration = .seconds(180)) async throws
        -> Outcome
    {
        let child = try start(arguments, input: input)
        return await child.end(within: limit)
    }

    /// Starts the command, or another program, and leaves it running; the caller ends it.
    func start(_ arguments: [String], input: String = "", program: String = path) throws -> Child {
        let number = folder.files().filter { $0.hasSuffix(".out") }.count
        let source = folder.write(input, to: "run-\(number).in")
        let child = try Child(
            program: program,
            arguments: arguments,
            environment: ["HEADGATE_HOME": home].merging(environment) { _, given in given },
            input: source,
            output: folder.file("run-\(number).out"),
            errors: folder.file("run-\(number).err")
        )
        return child
    }
}
