// SPDX-License-Identifier: Apache-2.0
import Connectors
import JSON
import Rehearsing
import TestSupport
import Testing

@Suite("Definitions and tests that cannot work", .timeLimit(.minutes(10)))
struct ImpossibleTests {
    /// A new connector's definition and one of its tests, with texts replaced in each.
    private func play(
        _ test: String,
        definition changes: [(String, String)] = [],
        test others: [(String, String)] = []
    ) async throws -> Rehearsed {
        let made = try #require(NewConnector(id: "own", kind: .window, signIn: .header))
        func text(_ path: String, _ changes: [(String, String)]) throws -> [UInt8] {
            var text = try #require(made.files.first { $0.path == path }).text
            for (old, new) in changes {
                #expect(text.contains(old), "\(old)")
                text = text.split(separator: old, omittingEmptySubsequences: false).joined(separator: new)
            }
            return Array(text.utf8)
        }
        let (definition, findings) = Definition.read(try text("connector.json", changes))
        let readable = try #require(definition, "\(findings)")
        let (rehearsal, problems) = Rehearsal.read(
            try text("tests/\(test).json", others),
            file: "\(test).json",
            of: readable
        )
        let clouds = try Shelf(shipped: Repository.connectors).clouds
        return try await Rehearser(readable, clouds: clouds).run(
            try #require(rehearsal, "\(problems)"),
            file: "\(test).json"
        )
    }

    @Test(arguments: [
        (#""limit": "100""#, #""limit": "{{ cursor.nothing }}""#),
        (#"/events","#, #"/events/{{ cursor.nothing }}","#),
        (#""limit": "100""#, #""limit": "{{ credentials.nothing }}""#),
    ])
    func `an expression over what can be known to be missing does not lint`(_ old: String, _ new: String)
        throws
    {
        let made = try #require(NewConnector(id: "own", kind: .window, signIn: .header))
        let text = try #require(made.files.first { $0.path == "connector.json" }).text
        let changed = text.split(separator: old, omittingEmptySubsequences: false).joined(separator: new)
        let (definition, findings) = Definition.read(Array(changed.utf8))
        #expect(definition == nil)
        #expect(findings.contains { $0.message.contains("nothing") }, "\(findings)")
    }

    @Test func `an expression that fails when it is filled in is told by name and asks nothing`() async throws
    {
        let result = try await play(
            "happy",
            definition: [(#""limit": "100""#, #""limit": "{{ credentials.organisation | json }}""#)],
            test: [
                (#""pass": 2"#, #""times": "any""#), (#""records": { "events": 2 }"#, #""class": "bug""#),
                (#""states": { "events": "active" },"#, ""), (#""gaps": [],"#, ""),
                (#""caughtUpTo": { "events": "2026-11-21T12:13:00Z" }"#, #""requests": 0"#),
            ]
        )
        #expect(result.passed, "\(result.differences)")
    }

    @Test func `a key and a time that no record has lose and double nothing`() async throws {
        let result = try await play(
            "happy",
            definition: [
                (#""key": ["id"]"#, #""key": ["nothing.here"]"#),
                (#""event": "time""#, #""event": "no.time""#),
            ]
        )
        #expect(result.passed, "\(result.differences)")
    }

    @Test(arguments: [
        (#""gaps": []"#, #""requests": 1000000"#, "then.requests"),
        (#""gaps": []"#, #""class": "ok""#, "then.class"),
        (#""gaps": []"#, #""waited": "P10D""#, "then.waited"),
        (#""events": 2 }"#, #""events": 1000000 }"#, "then.records.events"),
        (#""2026-11-21T12:13:00Z""#, #""2200-01-01T00:00:00Z""#, "then.caughtUpTo.events"),
        (#""pass": 2"#, #""pass": 900"#, "http[0]"),
        (#""pass": 2"#, #""times": 100000"#, "http[0]"),
        (#""times": "any""#, #""times": 1"#, "http"),
    ])
    func `a test that expects the impossible fails with the place, and comes to an end`(
        _ old: String,
        _ new: String,
        _ place: String
    ) async throws {
        let result = try await play("happy", test: [(old, new)])
        #expect(!result.passed)
        #expect(result.differences.contains { $0.expectation.hasPrefix(place) }, "\(result.differences)")
    }

    @Test(arguments: [
        (#""every": "PT15M""#, #""every": "P3660D""#, #""passes": 2"#, #""passes": 1000"#),
        (#""2026-11-21T12:00:00Z""#, #""2261-12-31T12:00:00Z""#, #""passes": 2"#, #""passes": 3"#),
    ])
    func `a clock that would run out is refused`(
        _ old: String,
        _ new: String,
        _ other: String,
        _ more: String
    )
        async throws
    {
        let made = try #require(NewConnector(id: "own", kind: .window, signIn: .header))
        var texts = made.files.filter { ["connector.json", "tests/happy.json"].contains($0.path) }.map(\.text)
        for (from, to) in [(old, new), (other, more)] {
            texts[1] = texts[1].split(separator: from, omittingEmptySubsequences: false).joined(separator: to)
        }
        let definition = try #require(Definition.read(Array(texts[0].utf8)).definition)
        let read = Rehearsal.read(Array(texts[1].utf8), file: "happy.json", of: definition)
        #expect(read.rehearsal == nil)
        #expect(read.findings.map(\.rule) == [.value], "\(read.findings)")
    }

    @Test func `a source without an end is left in the end`() async throws {
        let result = try await play(
            "page-loop",
            definition: [(#""maxPages": 100"#, #""maxPages": 100000"#)],
            test: [(#""every": "PT3M""#, #""every": "PT15M""#)]
        )
        #expect(result.requests <= 10_000)
    }
}
