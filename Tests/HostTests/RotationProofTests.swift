// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Host
import Probing
import Status
import Store
import TestSupport
import Testing

private let ownTenant = "b86ab9d4-0000-4b11-8a06-7a8f91b47fbd"

/// What tests of connections say of a new credential, as a pure decision.
@Suite("Proof of a new credential")
struct RotationProofTests {
    private static let now = Timestamp(seconds: 1_795_000_000)
    private static let streams = ["Audit.Exchange", "Audit.General"]

    /// One way a test can come out, and what it says.
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var worked: Set<String> = ["Audit.Exchange"]
        var tenants: Set<String> = [ownTenant]
        var token = CheckResult.Mark.pass
        var tokenClass = FaultClass.auth
        var exchange = CheckResult.Mark.pass
        var general = CheckResult.Mark.pass
        let outcome: RotationProof.Outcome
    }

    static let rows = [
        Row(testDescription: "everything passes", outcome: .proven),
        Row(testDescription: "an empty source is read all the same", exchange: .passEmpty, outcome: .proven),
        Row(testDescription: "the token is refused", token: .fail, outcome: .refused),
        Row(
            testDescription: "nobody answers the sign-in",
            token: .fail,
            tokenClass: .network,
            outcome: .doubtful
        ),
        Row(testDescription: "what works is not permitted any more", exchange: .fail, outcome: .refused),
        Row(testDescription: "what did not work before still does not", general: .fail, outcome: .proven),
        Row(testDescription: "what works has to wait", exchange: .wait, outcome: .doubtful),
        Row(testDescription: "what works cannot be told", exchange: .unknown, outcome: .doubtful),
        Row(testDescription: "another tenant", tenants: ["c0ffee"], outcome: .refused),
        Row(testDescription: "tokens that say no tenant", tenants: [], outcome: .proven),
        Row(
            testDescription: "nothing worked before, and it is refused too",
            worked: [],
            token: .fail,
            outcome: .refused
        ),
        Row(
            testDescription: "nothing worked before, and nobody answers",
            worked: [],
            token: .fail,
            tokenClass: .network,
            outcome: .doubtful
        ),
        Row(testDescription: "nothing worked before, and now it does", worked: [], outcome: .proven),
    ]

    private func line(_ row: Row) throws -> RotationProof.Line {
        let definition = try Shelf(shipped: Repository.connectors).definition("office365-management")
        let token = try #require(definition.probe.first { $0.kind == .token })
        let read = try #require(definition.probe.first { $0.kind == .firstPage })
        var steps = [
            CheckResult(
                id: token.id,
                title: "token",
                stage: .authentication,
                mark: row.token,
                faultClass: row.token == .fail ? row.tokenClass : nil,
                message: "of the token"
            )
        ]
        for (stream, mark) in zip(Self.streams, [row.exchange, row.general]) {
            steps.append(
                CheckResult(
                    id: read.id,
                    title: "read",
                    stage: .fetch,
                    stream: stream,
                    mark: row.token == .fail ? .skip : mark,
                    faultClass: mark == .fail ? .permission : nil,
                    message: "of the read"
                )
            )
        }
        let report = ProbeReport(
            connection: ConnectionKey(customer: "contoso", connection: "o365"),
            connector: "office365-management",
            at: Self.now,
            streams: Self.streams,
            steps: steps,
            tenants: row.tenants
        )
        return RotationProof.Line(report, definition, tenant: ownTenant, worked: row.worked)
    }

    @Test(arguments: rows)
    func `what worked before must work, and something must prove it`(_ row: Row) throws {
        let proof = RotationProof(lines: [try line(row)])
        #expect(proof.outcome == row.outcome, "\(proof)")
        #expect((proof.reason == nil) == (row.outcome == .proven))
    }

    @Test
    func `one connection that refuses keeps the old one in use for all, one that cannot be tested does not`()
        throws
    {
        let good = try line(Self.rows[0])
        let bad = try line(Self.rows[2])
        let odd = RotationProof.Line(connection: good.connection, verdict: .untested("no definition"))
        #expect(RotationProof(lines: [good, bad]).outcome == .refused)
        #expect(RotationProof(lines: [good, odd]).outcome == .proven)
        #expect(RotationProof(lines: [odd]).outcome == .refused)
        #expect(RotationProof(lines: []).outcome == .refused)
    }

    @Test func `moves of a registration count up and refuse what was changed meanwhile`() throws {
        let now = Self.now
        let start = Registration(
            id: "r",
            cloud: "lab",
            tenant: ownTenant,
            clientKey: "app",
            current: Credential(kind: .secret, version: 3, added: now),
            created: now
        )
        #expect(start.freeSlot == .next && start.nextVersion == 4)
        let fresh = Credential(kind: .secret, version: 4, slot: .next, expiresAt: now + .days(9), added: now)
        let staged = try start.making(.stage(fresh))
        #expect(staged.staged == fresh && staged.former == nil && staged.current == start.current)
        let swapped = try staged.making(.swap(version: 4))
        #expect(swapped.current == fresh && swapped.former == start.current && swapped.staged == nil)
        #expect(swapped.freeSlot == .current && swapped.nextVersion == 5)
        #expect(swapped.slots == [.current, .next])
        #expect(try swapped.making(.drop(version: 3)).slots == [.next])
        #expect(throws: StoreFailure.self) { try staged.making(.swap(version: 5)) }
        #expect(throws: StoreFailure.self) { try swapped.making(.swap(version: 3)) }
        #expect(throws: StoreFailure.self) {
            try start.making(.stage(Credential(kind: .secret, version: 4, slot: .current, added: now)))
        }
        // A former one without a known end is not forgotten by itself.
        #expect(!swapped.isFormerOver(at: now + .days(999)))
    }

    @Test func `what ends soon is listed with the first in front, and nothing that nobody knows the end of`()
    {
        func registration(_ id: String, _ end: Duration?) -> Registration {
            let current = Credential(kind: .secret, expiresAt: end.map { Self.now + $0 }, added: Self.now)
            return Registration(
                id: id,
                cloud: "lab",
                tenant: "t",
                clientKey: id,
                current: current,
                created: Self.now
            )
        }
        let due = RotationDue.list(
            [
                registration("late", .days(29)), registration("never", nil), registration("far", .days(31)),
                registration("over", .days(-1)),
            ],
            [],
            within: .days(30),
            now: Self.now
        )
        #expect(due.map(\.registration.id) == ["over", "late"])
    }
}
