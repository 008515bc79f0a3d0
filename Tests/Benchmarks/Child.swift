// SPDX-License-Identifier: Apache-2.0
import Basics
import Glibc

/// A process of ours, its output going to a file; ended by its id with the last reference to it.
final class Child: Sendable {
    let pid: pid_t
    private let program: String
    private let output: String
    private let ended = Locked(Int32?.none)

    /// Starts `arguments[0]`, found on the PATH, with `environment` beside that of this process.
    init(_ arguments: [String], environment: [String: String] = [:], output: String) throws {
        let out = open(output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard out >= 0 else { throw BenchFailure("cannot write \(output)") }
        defer { close(out) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, out, 1)
        posix_spawn_file_actions_adddup2(&actions, out, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // The child must not inherit what this process ignores.
        var every = sigset_t()
        sigfillset(&every)
        posix_spawnattr_setsigdefault(&attributes, &every)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
        var variables: [String: String] = [:]
        var place = environ
        while let entry = place.pointee {
            let pair = String(cString: entry).split(separator: "=", maxSplits: 1)
            if let name = pair.first { variables[String(name)] = pair.count > 1 ? String(pair[1]) : "" }
            place += 1
        }
        // A home or a proxy of whoever runs the benchmarks must not be measured.
        for name in variables.keys where name.hasPrefix("HEADGATE_") || name.lowercased().hasSuffix("_proxy")
        {
            variables[name] = nil
        }
        variables.merge(environment) { _, given in given }
        var argv: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        var envp: [UnsafeMutablePointer<CChar>?] = variables.map { strdup($0.key + "=" + $0.value) } + [nil]
        defer { (argv + envp).forEach { free($0) } }
        var child: pid_t = 0
        let status = posix_spawnp(&child, arguments[0], &actions, &attributes, &argv, &envp)
        guard status == 0 else {
            throw BenchFailure("cannot start \(arguments[0]): \(String(cString: strerror(status)))")
        }
        pid = child
        program = arguments[0]
        self.output = output
    }

    deinit { end() }

    /// What it has written.
    var text: String { Files.text(output) }

    /// Its raw status when it is over.
    var status: Int32? {
        ended.withLock { ended in
            if ended == nil {
                var status: Int32 = 0
                if waitpid(pid, &status, WNOHANG) == pid { ended = status }
            }
            return ended
        }
    }

    /// Waits for its end and answers its exit code, or minus the signal that ended it.
    func wait(within limit: Duration = .seconds(600)) async throws -> Int32 {
        let deadline = ContinuousClock.now + limit
        while true {
            if let status { return status & 0x7f == 0 ? status >> 8 & 0xff : -(status & 0x7f) }
            guard ContinuousClock.now < deadline else {
                end()
                throw BenchFailure("\(program) did not end within \(limit):\n\(text.suffix(2_000))")
            }
            // Polled, since a thread that blocks here is missing to the simulator in this process.
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// Waits for its end, which must be without an error.
    func succeed(within limit: Duration = .seconds(600)) async throws {
        let code = try await wait(within: limit)
        guard code == 0 else { throw BenchFailure("\(program) ended with \(code):\n\(text.suffix(2_000))") }
    }

    /// Ends it if it still runs.
    func end() {
        guard status == nil else { return }
        kill(pid, SIGTERM)
        for _ in 0..<200 where status == nil { usleep(5_000) }
        guard status == nil else { return }
        kill(pid, SIGKILL)
        while status == nil { usleep(1_000) }
    }
}
