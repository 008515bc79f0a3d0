// SPDX-License-Identifier: Apache-2.0
import Connectors
import Glibc
import JSON

/// How long definitions take: to lint all that are shipped, and to load two hundred when a host starts.
enum DefinitionSpeed {
    /// How many definitions of its own a home holds.
    static let count = 200

    /// Lints every shipped definition with its tests, as `headgate connector lint --tier` does.
    static func lint(_ setting: Setting) throws -> [Report.Row] {
        let shipped = try shipped()
        let shelf = try Shelf(shipped: shipped)
        var tests = 0
        var findings = 0
        let times = measured(setting.runs * 3) {
            tests = 0
            findings = 0
            for item in shelf.items {
                let inspection = Shelf.inspect(folder: item.folder)
                tests += inspection.rehearsals.count
                findings += inspection.findings.count
                if let tier = inspection.definition?.tier {
                    findings += inspection.lacks(for: tier, clouds: shelf.clouds).count
                }
            }
        }
        guard findings == 0, tests > 0 else { throw BenchFailure("the shipped definitions do not lint") }
        let what = "\(shelf.items.count) definitions with \(tests) tests"
        return [Report.Row("lint of all definitions", note: "\(words(times)); \(what)")]
    }

    /// Reads a home with two hundred definitions: parsed, checked, and hashed for trust.
    static func load(_ setting: Setting) throws -> [Report.Row] {
        let shipped = try shipped()
        let home = setting.folder + "/definitions"
        defer { Files.remove(home) }
        let largest = try Value(parsing: Files.bytes(shipped + "/office365-management/connector.json"))
        var bytes = 0
        for index in 0..<count {
            var definition = largest.objectValue ?? Object()
            definition["id"] = .string("own-\(index)")
            let text = Value.object(definition).bytes(pretty: true)
            bytes += text.count
            try Files.makeFolder(home + "/own-\(index)")
            try Files.write(text, to: home + "/own-\(index)/connector.json")
        }
        var usable = 0
        var failure: ConnectorFailure?
        let times = measured(setting.runs) {
            do throws(ConnectorFailure) {
                let shelf = try Shelf(shipped: shipped, home: home)
                let digests = shelf.items.compactMap { item in item.digest.map { (item.id, $0) } }
                let trusted = shelf.trusting(Dictionary(digests) { $1 })
                usable = trusted.items.count { (try? trusted.usable($0.id)) != nil && !$0.isShipped }
            } catch { failure = error }
        }
        if let failure { throw failure }
        guard usable == count else { throw BenchFailure("\(usable) of \(count) definitions can be used") }
        let size = "\(count) of \(bytes / count / 1_024) KiB, parsed, checked and hashed"
        return [Report.Row("\(count) definitions loaded at start", note: "\(words(times)); \(size)")]
    }

    /// The package that built this program holds them.
    static func shipped() throws -> String {
        let folders = Programs.own.split(separator: "/")
        guard let build = folders.lastIndex(of: ".build") else {
            throw BenchFailure("no connectors/ beside the build of \(Programs.own)")
        }
        return "/" + folders[..<build].joined(separator: "/") + "/connectors"
    }

    private static func words(_ times: [Double]) -> String {
        "best \(((times.min() ?? 0) * 1e3).text(1)) ms, median \((times.median * 1e3).text(1)) ms"
    }

    /// Seconds of each of so many runs, after one that is not counted.
    private static func measured(_ runs: Int, _ body: () -> Void) -> [Double] {
        body()
        return (0..<max(1, runs)).map { _ in
            let start = Stopwatch.now()
            body()
            return Double(Stopwatch.now() - start) / 1e9
        }
    }
}
