// SPDX-License-Identifier: Apache-2.0
import Basics
import Collecting
import Connectors
import HTTPClient
import JSON
import Status
import Store
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct SnapshotTests {
    static func stream(removals: String = "emit", version: String = #""version": ["v"]"#) -> String {
        Plot.list() + #", "paging": {"kind": "page", "parameter": "p", "first": 1, "size": 2}, "#
            + #""cursor": {"kind": "snapshot", "key": ["id"], \#(version), "removals": "\#(removals)"}"#
    }

    /// A set that a test changes.
    final class Members: Sendable {
        private let state: Mutex<(elements: [String], broken: Int?)>

        init(_ elements: String...) { state = Mutex((elements, nil)) }

        func become(_ elements: String..., brokenAt page: Int? = nil) {
            state.withLock { $0 = (elements, page) }
        }

        func answer(_ asked: Asked) -> Response {
            let page = asked.number("p") ?? 1
            let (elements, broken) = state.withLock { $0 }
            if page == broken { return Reply.trouble(400) }
            return Reply.page(elements.dropFirst((page - 1) * 2).prefix(2).map { Self.json($0) })
        }

        /// `a1` is member a in version 1.
        static func json(_ text: String) -> String {
            #"{"id":"\#(text.prefix(1))","v":"\#(text.dropFirst())","at":"2026-10-10T11:00:00Z"}"#
        }
    }

    private func plot(_ members: Members, _ stream: String = stream()) async throws -> Plot {
        try await Plot(stream) { members.answer($0) }
    }

    /// The journal in the notation of the members; `-a` is a removal.
    private func told(_ plot: Plot) async throws -> [String] {
        try await plot.lines().map { line in
            if let name = line["event"]?["removed"]?["id"]?.stringValue { return "-" + name }
            return (line["event"]?["id"]?.stringValue ?? "") + (line["event"]?["v"]?.stringValue ?? "")
        }
    }

    @Test func `only what changed becomes a record`() async throws {
        let members = Members("a1", "b1", "c1")
        let plot = try await plot(members)
        let end = try await plot.cycle(after: .minutes(5))
        #expect(end.isWhole && end.stored == 3)
        try await plot.cycle(after: .minutes(5))
        members.become("b2", "c1", "a1", "d1")
        try await plot.cycle(after: .minutes(5))
        #expect(try await told(plot) == ["a1", "b1", "c1", "b2", "d1"])
        #expect(try await plot.facts().watermark == Plot.start + .minutes(15))
        #expect(try await plot.counts().listed == 10)
        #expect(try await plot.counts().stored == 5)
        let line = try #require(try await plot.lines().first)
        #expect(line["time"]?.stringValue == "2026-10-10T11:00:00Z")
    }

    @Test func `a set that goes from A to B and back to A gives three records with three ids`() async throws {
        let members = Members("a1")
        let plot = try await plot(members)
        for version in ["a1", "a2", "a1", "a1"] {
            members.become(version)
            try await plot.cycle(after: .minutes(5))
        }
        #expect(try await told(plot) == ["a1", "a2", "a1"])
        let ids = try await plot.lines().compactMap { $0["id"]?.stringValue }
        #expect(Set(ids).count == 3)
    }

    @Test func `an id is the same wherever a version is seen for the first time`() async throws {
        let left = try await plot(Members("a1")), right = try await plot(Members("b1", "a1"))
        try await left.cycle(after: .minutes(5))
        try await right.cycle(after: .hours(5))
        let id = try await left.lines().first?["id"]?.stringValue
        #expect(try await right.lines().last?["id"]?.stringValue == id)
    }

    @Test func `an element that is absent once and comes back is no change`() async throws {
        let members = Members("a1", "b1")
        let plot = try await plot(members)
        for present in [true, false, true, false, true] {
            if present { members.become("a1", "b1") } else { members.become("a1") }
            try await plot.cycle(after: .minutes(5))
        }
        #expect(try await told(plot) == ["a1", "b1"])
    }

    @Test func `an absence in two whole snapshots is told once, and so is the return`() async throws {
        let members = Members("a1", "b1")
        let plot = try await plot(members)
        try await plot.cycle(after: .minutes(5))
        members.become("a1")
        for _ in 0..<4 { try await plot.cycle(after: .minutes(5)) }
        #expect(try await told(plot) == ["a1", "b1", "-b"])
        members.become("a1", "b1")
        for _ in 0..<2 { try await plot.cycle(after: .minutes(5)) }
        members.become("a1")
        for _ in 0..<3 { try await plot.cycle(after: .minutes(5)) }
        #expect(try await told(plot) == ["a1", "b1", "-b", "b1", "-b"])
        #expect(Set(try await plot.lines().compactMap { $0["id"]?.stringValue }).count == 5)
    }

    @Test func `removals that are ignored are no records`() async throws {
        let members = Members("a1", "b1")
        let plot = try await plot(members, Self.stream(removals: "ignore"))
        try await plot.cycle(after: .minutes(5))
        members.become("a1")
        for _ in 0..<3 { try await plot.cycle(after: .minutes(5)) }
        #expect(try await told(plot) == ["a1", "b1"])
    }

    @Test func `a snapshot that breaks off changes nothing`() async throws {
        let members = Members("a1", "b1", "c1")
        let plot = try await plot(members)
        try await plot.cycle(after: .minutes(5))
        members.become("a2", "d1", "c1", brokenAt: 2)
        let end = try await plot.cycle(after: .minutes(5))
        #expect(end.setback != nil && !end.isWhole)
        #expect(try await told(plot) == ["a1", "b1", "c1"])
        #expect(try await plot.facts().watermark == Plot.start + .minutes(5))
        // It did not count as an absence of b either.
        members.become("a2", "d1", "c1")
        try await plot.cycle(after: .minutes(5))
        #expect(try await told(plot) == ["a1", "b1", "c1", "a2", "d1"])
    }

    @Test func `a version may be the digest of some fields`() async throws {
        let members = Members("a1")
        let plot = try await plot(members, Self.stream(version: #""hash": ["v", "at"]"#))
        try await plot.cycle(after: .minutes(5))
        members.become("a2")
        try await plot.cycle(after: .minutes(5))
        #expect(try await told(plot) == ["a1", "a2"])
    }

    @Test func `an element without what names it is of class shape`() async throws {
        let plot = try await Plot(Self.stream()) { _ in Reply.page([#"{"v":"1"}"#]) }
        #expect(try await plot.cycle(after: .minutes(5)).setback?.faultClass == .shape)
    }

    @Test func `a set of many members comes in portions`() async throws {
        let count = 2_500
        let stream =
            Plot.list() + #", "paging": {"kind": "none"}, "#
            + #""cursor": {"kind": "snapshot", "key": ["id"], "version": ["v"], "removals": "emit"}"#
        let isEmpty = Mutex(false)
        let plot = try await Plot(stream) { _ in
            Reply.page(isEmpty.withLock { $0 } ? [] : (0..<count).map { #"{"id":\#($0),"v":1}"# })
        }
        #expect(try await plot.cycle(after: .minutes(5)).stored == count)
        #expect(try await plot.cycle(after: .minutes(5)).stored == 0)
        isEmpty.withLock { $0 = true }
        #expect(try await plot.cycle(after: .minutes(5)).stored == 0)
        #expect(try await plot.cycle(after: .minutes(5)).stored == count)
    }
}
