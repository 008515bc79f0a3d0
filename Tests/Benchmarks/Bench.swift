// SPDX-License-Identifier: Apache-2.0
import Basics
import Glibc

/// The benchmarks: one table on standard output; ends with an error only where something could not run.
@main
struct Bench {
    /// One group of rows.
    struct Part: Sendable {
        let name: String
        let about: String
        /// Whether it is only run when it is asked for by name.
        var isExtra = false
        let rows: @Sendable (Setting) async throws -> [Report.Row]
    }

    static let parts = [
        Part(name: "scanner", about: "splitting bodies into events") { ScannerSpeed.rows($0) },
        Part(name: "collect", about: "400 blobs beside curl") { try await CollectingSpeed.rows($0) },
        Part(name: "keys", about: "the same beside 8 million old keys") { try await OldKeys.rows($0) },
        Part(name: "delay", about: "1,000 slow blobs") { try await DelaySpeed.rows($0) },
        Part(name: "large", about: "one blob of 68 MB") { try await LargeBlob.rows($0) },
        Part(name: "idle", about: "1,000 idle tenants") { try await IdleTenants.rows($0) },
        Part(name: "fifty", about: "fifty tenants, one dead, one throttled") {
            try await Neighbours.rows($0)
        },
        Part(name: "signins", about: "200 pages of 1,000 sign-ins") { try await SignInSpeed.rows($0) },
        Part(name: "lint", about: "all shipped definitions with their tests") {
            try DefinitionSpeed.lint($0)
        },
        Part(name: "definitions", about: "200 definitions loaded at start") { try DefinitionSpeed.load($0) },
        Part(name: "onboard", about: "what onboarding asks of a person") { try await OnboardEffort.rows($0) },
        Part(name: "lab", about: "keeps the cloud of collect running, to look at by hand", isExtra: true) {
            try await CollectingSpeed.serve($0)
        },
    ]

    static let usage = """
        usage: Benchmarks [--only NAME[,NAME...]] [--runs N] [--folder DIR] [--headgate PROGRAM]

        \(parts.map { "  " + $0.name + String(repeating: " ", count: 13 - $0.name.count) + $0.about }
            .joined(separator: "\n"))

        """

    static func main() async {
        if CommandLine.arguments.dropFirst().first == Stopwatch.option {
            exit(Stopwatch.run(CommandLine.arguments.dropFirst(2)))
        }
        if CommandLine.arguments.dropFirst().first == Fetching.option {
            exit(await Fetching.run(CommandLine.arguments.dropFirst(2)))
        }
        var setting = Setting()
        guard read(CommandLine.arguments.dropFirst(), &setting) else {
            setting.say(usage)
            exit(2)
        }
        let failures = await Interrupts.obeying { [setting] in await run(setting) }
        for failure in failures { setting.say("could not run: \(failure)") }
        exit(failures.isEmpty ? 0 : 1)
    }

    private static func run(_ setting: Setting) async -> [String] {
        var template = Array((setting.folder + "/headgate-bench-XXXXXX").utf8CString)
        guard let made = mkdtemp(&template), let real = realpath(made, nil) else {
            return ["no folder can be made below \(setting.folder): \(String(cString: strerror(errno)))"]
        }
        defer { free(real) }
        var setting = setting
        setting.folder = String(cString: real)
        defer { Files.remove(setting.folder) }
        var report = Report()
        var failures: [String] = []
        for part in parts where setting.only.isEmpty ? !part.isExtra : setting.only.contains(part.name) {
            setting.say("\(part.name): \(part.about)")
            do {
                report.add(try await part.rows(setting))
            } catch {
                failures.append("\(part.name): \(error)")
                report.add([Report.Row(part.about, note: "could not run")])
            }
        }
        print("\(Report.machine); \(setting.runs) runs, medians\n")
        print(report.text)
        return failures
    }

    private static func read(_ arguments: ArraySlice<String>, _ setting: inout Setting) -> Bool {
        setting.folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var rest = arguments
        while let option = rest.popFirst() {
            guard let value = rest.popFirst() else { return false }
            switch option {
            case "--only":
                setting.only = value.split(separator: ",").map(String.init)
                guard setting.only.allSatisfy({ name in parts.contains { $0.name == name } }) else {
                    return false
                }
            case "--runs":
                guard let runs = Int(value), runs > 0 else { return false }
                setting.runs = runs
            case "--folder": setting.folder = value
            case "--headgate": setting.headgate = value
            default: return false
            }
        }
        return true
    }
}
