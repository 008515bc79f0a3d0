// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Status
import Testing

@Suite("The list of issues")
struct IssueListTests {
    private let now = Timestamp(seconds: 1_795_000_000)
    private let key = ConnectionKey(customer: "contoso", connection: "o365")

    private func stream(_ id: String, _ cause: Cause?, _ state: StreamState = .blocked) -> StreamLine {
        var facts = StreamFacts()
        facts.acceptedAt = now - .days(2)
        let situation = StreamSituation(
            key: StreamKey(customer: "contoso", connection: "o365", stream: id),
            facts: facts,
            thresholds: Thresholds()
        )
        return StreamLine(
            id: id,
            situation: situation,
            assessment: Assessment(state: state, since: cause?.since, cause: cause),
            records24h: 0
        )
    }

    private func report(
        _ streams: [StreamLine],
        credential: CredentialLine? = nil,
        host: Cause? = nil,
        at instant: Timestamp? = nil
    ) -> StatusReport {
        let line = ConnectionLine(
            id: "o365",
            name: "o365",
            connector: "office365-management",
            tenant: "t",
            headline: Headline(streams: streams.map(\.assessment)),
            credential: credential,
            streams: streams
        )
        return StatusReport(
            evaluatedAt: instant ?? now,
            host: HostFacts(version: "1", cause: host),
            customers: [
                CustomerLine(id: "contoso", name: "Contoso", state: line.headline.state, connections: [line])
            ]
        )
    }

    private func cause(_ faultClass: FaultClass, _ code: String?, _ ago: Duration, _ words: String = "x")
        -> Cause
    {
        Cause(faultClass: faultClass, code: code, message: words, since: now - ago)
    }

    @Test func `one cause on many streams is one issue, with the oldest time`() {
        let list = IssueList(
            report([
                stream("a", cause(.auth, "E1", .hours(1), "a secret of 10:00")),
                stream("b", cause(.auth, "E1", .hours(3), "a secret of 08:00")),
                stream("c", cause(.permission, nil, .hours(2))),
                stream("d", nil, .active), stream("e", cause(.network, "E2", .minutes(5)), .late),
            ]),
            watches: [],
            acks: []
        )
        #expect(list.issues.map(\.streams) == [["a", "b"], ["c"]])
        #expect(list.issues.first?.cause.since == now - .hours(3))
        #expect(list.issues.map(\.severity) == [.critical, .critical])
        #expect(list.issues.map(\.fix) == [.guided, .outside])
    }

    @Test
    func `one issue names every message of its streams, and is known by its remedy whatever told of it`() {
        func lacking(_ permission: String, _ code: String?) -> Cause {
            var found = cause(.permission, code, .hours(1), "the app lacks \(permission).")
            found.remedy = Remedy(
                id: "grant",
                title: "t",
                cause: "",
                steps: [],
                who: "",
                where: nil,
                takes: "",
                next: ""
            )
            return found
        }
        let tested = IssueList(
            report([stream("a", lacking("A", nil)), stream("b", lacking("B", nil))]),
            watches: [],
            acks: []
        )
        #expect(tested.issues.map(\.cause.message) == ["the app lacks A; the app lacks B"])
        let collected = IssueList(report([stream("a", lacking("A", "Forbidden"))]), watches: [], acks: [])
        #expect(collected.issues.map(\.id) == tested.issues.map(\.id))
    }

    @Test func `a warning is no older than the secret that it is of`() throws {
        let end = now + .days(8)
        let warning = ExpiryWarning(end: end, warnBefore: [.days(14)], next: "headgate rotate", now: now)
        func since(_ added: Timestamp?) -> Timestamp? {
            var credential = CredentialLine(kind: "secret", expiresAt: end, added: added)
            credential.warning = warning
            return IssueList(report([], credential: credential), watches: [], acks: []).issues.first {
                $0.origin == .expiry
            }?.cause.since
        }
        #expect(since(now - .days(60)) == end - .days(14))
        #expect(since(now - .days(1)) == now - .days(1))
        #expect(since(nil) == end - .days(14))
    }

    @Test func `an id stays while the issue stands, on whichever of its streams, and tells issues apart`() {
        let one = IssueList(report([stream("a", cause(.auth, "E1", .hours(1)))]), watches: [], acks: [])
        let later = IssueList(
            report(
                [
                    stream("b", cause(.auth, "E1", .hours(1), "other words")),
                    stream("c", cause(.auth, "E3", .hours(1))),
                ],
                at: now + .hours(9)
            ),
            watches: [],
            acks: []
        )
        #expect(later.issues.map(\.id).contains(one.issues[0].id))
        #expect(Set(later.issues.map(\.id)).count == 2)
        #expect(one.issues[0].id.count == 8)
        #expect(one.named(String(one.issues[0].id.prefix(4))) == one.issues[0])
        #expect(one.named("ab") == nil)
    }

    @Test func `what a record says is told once, and is the gravest where it is of security`() throws {
        let said = cause(.enablement, nil, .hours(1), "auditing was switched off")
        let watch = Issue(
            id: 7,
            stream: StreamKey(customer: "contoso", connection: "o365", stream: "a"),
            watch: "off",
            severity: .security,
            cause: said,
            seen: now
        )
        let list = IssueList(
            report([stream("a", said), stream("b", cause(.auth, "E1", .hours(9)))]),
            watches: [watch],
            acks: []
        )
        #expect(list.issues.map(\.origin) == [.watch, .cause])
        #expect(list.issues.map(\.severity) == [.security, .critical])
        #expect(list.of(customer: "contoso", connection: "o365", stream: "b").map(\.origin) == [.cause])
        #expect(list.of(customer: "fabrikam", connection: nil, stream: nil).isEmpty)
    }

    @Test func `a credential that ends soon, a draft and the host's own trouble are issues too`() {
        let end = now + .days(5)
        let credential = CredentialLine(
            kind: "secret",
            expiresAt: end,
            source: .declared,
            warning: ExpiryWarning(
                end: end,
                warnBefore: ExpiryWarning.usual,
                next: "headgate rotate contoso/o365",
                now: now
            )
        )
        let list = IssueList(
            report(
                [stream("a", cause(.config, nil, .hours(1)), .draft)],
                credential: credential,
                host: cause(.host, "disk-full", .minutes(3))
            ),
            watches: [],
            acks: []
        )
        #expect(Set(list.issues.map(\.origin)) == [.draft, .expiry, .host])
        #expect(list.issues.first?.origin == .host && list.issues.first?.connection == nil)
        let expiry = list.issues.first { $0.origin == .expiry }
        #expect(expiry?.cause.remedy?.next == "headgate rotate contoso/o365")
        #expect(expiry?.severity == .warning && expiry?.fix == .guided)
        #expect(expiry?.cause.message.hasSuffix(", as declared") == true)
    }

    @Test func `what is wrong with an app is one issue for all connections that use it`() throws {
        let end = now + .days(5)
        let warning = ExpiryWarning(end: end, warnBefore: ExpiryWarning.usual, next: "rotate", now: now)
        func credential(_ registration: String) -> CredentialLine {
            CredentialLine(kind: "secret", registration: registration, expiresAt: end, warning: warning)
        }
        var first = report(
            [stream("a", cause(.auth, "E1", .hours(1)))],
            credential: credential("shared")
        )
        for (name, registration) in [("signins", "shared"), ("health", "own")] {
            var line = first.customers[0].connections[0]
            line.id = name
            line.credential = credential(registration)
            line.streams = [stream("b", cause(.auth, "E1", .hours(name == "signins" ? 2 : 3)))]
            first.customers[0].connections.append(line)
        }
        let list = IssueList(first, watches: [], acks: [])
        let faults = list.issues.filter { $0.origin == .cause }
        #expect(faults.map(\.connections.count).sorted() == [1, 2])
        #expect(list.issues.filter { $0.origin == .expiry }.map(\.connections.count).sorted() == [1, 2])
        let shared = try #require(faults.first { $0.others.count == 1 })
        #expect(shared.connections.map(\.connection) == ["o365", "signins"])
        #expect(shared.cause.since == now - .hours(2))
        #expect(list.of(customer: "contoso", connection: "signins", stream: "b").contains(shared))
        #expect(!list.of(customer: "contoso", connection: "health", stream: nil).contains(shared))
    }

    @Test func `what is let stand stays listed, until its time or until it comes again`() {
        func list(_ ago: Duration, at instant: Timestamp, _ acks: [Ack]) -> RaisedIssue? {
            IssueList(
                report([stream("a", cause(.auth, "E1", ago))], at: instant),
                watches: [],
                acks: acks
            ).issues.first
        }
        let id = list(.hours(1), at: now, [])?.id ?? ""
        let ack = Ack(
            issue: id,
            connection: "contoso/o365",
            by: "me",
            reason: "new app on Friday",
            at: now,
            until: now + .days(3)
        )
        #expect(list(.hours(1), at: now, [ack])?.isDue == false)
        #expect(list(.hours(1), at: now, [ack])?.ignored?.reason == "new app on Friday")
        #expect(list(.hours(1), at: now + .days(4), [ack])?.isDue == true)
        // It went away and came again.
        #expect(list(.hours(-1), at: now + .hours(2), [ack])?.isDue == true)
    }
}
