// SPDX-License-Identifier: Apache-2.0
// The named instants are compiled into debug builds only; the release build is killed at random ones.
#if DEBUG
import Basics
import Collecting
import Connectors
import Glibc
import HTTPClient
import JSON
import Source
import Status
import Store
import TestSupport
import Testing

/// Dies at every named instant of the store while a kind of cursor is at work, then goes on with the same home.
@Suite(.timeLimit(.minutes(5))) struct KillTests {
    /// A kind of stream with a source that says the same in any process.
    enum Subject: String, Sendable, CaseIterable, Codable {
        case token, rounds, snapshot

        var stream: String {
            switch self {
            case .token: Tape.stream()
            case .rounds: RoundTests.stream
            case .snapshot:
                Plot.list() + #", "paging": {"kind": "none"}, "#
                    + #""cursor": {"kind": "snapshot", "key": ["id"], "version": ["v"], "removals": "emit"}"#
            }
        }

        /// Of a set so many that they come in several portions.
        private var members: [String] { (0..<(self == .snapshot ? 2_100 : 11)).map { "m\($0)" } }

        /// What the journal must hold in the end, each once.
        var expected: [String] { members.sorted() }

        func answer(_ asked: Asked) -> Response {
            let members = members
            let first = asked.number(self == .token ? "after" : "at") ?? 0
            let page = Array(members.dropFirst(first).prefix(2))
            let next = first + page.count
            switch self {
            case .token:
                var reply = Reply.page(page.map(Self.json))
                reply.headers.append(Header("X-Next", "\(next)"))
                return reply
            case .rounds:
                return next < members.count
                    ? RoundTests.page(page, next: "at=\(next)") : RoundTests.page(page, delta: "at=\(next)")
            case .snapshot: return Reply.page(members.map(Self.json))
            }
        }

        private static func json(_ id: String) -> String {
            #"{"id":"\#(id)","v":1,"at":"2026-10-10T12:00:00Z"}"#
        }

        func plot(at home: String) async throws -> Plot {
            try await Plot(stream, errors: Tape.rule, home: home) { answer($0) }
        }
    }

    @Test(arguments: Subject.allCases, [CrashPoint.appended, .synced, .inTransaction, .committed])
    func `the journal holds every record once, wherever collecting was killed`(
        _ subject: Subject,
        _ point: CrashPoint
    ) async throws {
        let folder = TemporaryFolder()
        var deaths = 0
        for hit in 1...7 {
            let home = folder.file("home-\(hit)")
            let (name, plan) = (subject.rawValue, "\(point.rawValue):\(hit)")
            let result = await #expect(processExitsWith: .failure) {
                [home = home as String, name = name as String, plan = plan as String] in
                setenv("HEADGATE_CRASH_AT", plan, 1)
                guard let subject = Subject(rawValue: name) else { exit(2) }
                try await subject.plot(at: home).cycle(after: .minutes(5))
                // The plan named more hits than there are.
                exit(3)
            }
            if result?.exitStatus == .signal(SIGKILL) { deaths += 1 }
            let plot = try await subject.plot(at: home)
            #expect(try await plot.cycle(after: .minutes(20)).isWhole)
            #expect(try await plot.cycle(after: .minutes(5)).isWhole)
            let ids = try await plot.ids().sorted()
            #expect(ids == subject.expected, "\(plan): \(ids)")
        }
        #expect(deaths > 0)
    }
}
#endif
