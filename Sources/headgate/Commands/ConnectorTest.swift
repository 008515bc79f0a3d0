// SPDX-License-Identifier: Apache-2.0
import Connectors
import JSON
import Rehearsing

extension Command {
    static let connectorTest = Command(
        name: "connector test",
        synopsis: "[CONNECTOR|FOLDER]... [--json]",
        summary: "runs the tests of definitions, offline",
        help: """
            Runs the tests beside the definitions named, by id or by folder, or beside all of them: canned answers, a
            clock of its own, a store that goes away afterwards; nothing is asked of any network. What a test expects
            and does not get is said with what came instead, and so is every rule that no test shows and every test
            that cannot be read. Exit 1 when there is any of these.
            """,
        flags: ["--json"],
        words: 0...1_000
    ) { invocation in
        let inspections = try Inspections.of(invocation.arguments.words, in: invocation.place)
        // The shipped addresses: a test must come out the same in every home.
        let clouds = try Shelf(shipped: invocation.place.connectors()).clouds
        var results: [Rehearsed] = []
        for inspected in inspections {
            guard let definition = inspected.inspection.definition else { continue }
            let rehearser = Rehearser(definition, clouds: clouds)
            let played = try await rehearser.run(inspected.inspection.rehearsals)
            if !invocation.arguments.has("--json") { for result in played { tell(result, invocation) } }
            results += played
        }
        let findings = inspections.flatMap(\.findings)
        let failed = results.count { !$0.passed }
        if invocation.arguments.has("--json") {
            invocation.output.json([
                "schema": 1, "checked": .array(inspections.map { .string($0.id) }),
                "tests": .array(results.map(\.json)), "findings": .array(findings.map(\.json)),
            ])
        } else {
            for finding in findings { invocation.output.line(finding.description) }
            let problems = findings.count == 1 ? "1 problem" : "\(findings.count) problems"
            let count = results.count == 1 ? "1 test" : "\(results.count) tests"
            invocation.say(
                (inspections.map(\.id).joined(separator: ", ") + ": \(count), \(failed) failed")
                    + (findings.isEmpty ? "." : ", \(problems) beside them.")
            )
        }
        return failed == 0 && findings.isEmpty ? .done : .notWell
    }

    private static func tell(_ result: Rehearsed, _ invocation: Invocation) {
        if result.passed {
            if invocation.isVerbose { invocation.output.line("passed  \(result.file): \(result.name)") }
            return
        }
        invocation.output.line("FAILED  \(result.file): \(result.name)")
        for difference in result.differences { invocation.output.line("        \(difference)") }
    }
}

extension Rehearsed {
    fileprivate var json: Value {
        [
            "file": .string(file), "name": .string(name), "kind": .string(kind.rawValue),
            "passed": .bool(passed), "requests": .int(Int64(requests)),
            "differences": .array(
                differences.map {
                    ["expectation": .string($0.expectation), "sentence": .string($0.sentence)]
                }
            ),
        ]
    }
}
