// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import JSON
import Reporting
import Status
import Store
import TestSupport
import Testing

@Suite struct StatusBuilderTests {
    private let now = Examples.now
    private let key = StreamKey(customer: "acme", connection: "o365", stream: "Audit.Exchange")

    private func picture(_ change: (inout Picture) -> Void = { _ in }) -> Picture {
        let connection = Connection(
            key: key.connectionKey,
            name: "Office 365",
            connector: "office",
            tenant: "t",
            identity: "i",
            registration: "r",
            streams: [StreamChoice(stream: key.stream)],
            acceptedAt: now - .days(2),
            created: now - .days(2)
        )
        let credential = Credential(
            kind: .secret,
            expiresAt: now + .days(9),
            expirySource: .declared,
            added: now - .days(2)
        )
        var picture = Picture(
            tick: HostFacts(
                version: "1.0.0",
                mode: .run,
                lastTick: now - .seconds(5),
                startedAt: now - .days(1)
            ),
            customers: [Customer(id: "acme", created: now - .days(2))],
            connections: [connection],
            registrations: [
                Registration(
                    id: "r",
                    cloud: "commercial",
                    tenant: "t",
                    clientKey: "k",
                    current: credential,
                    created: now - .days(2)
                )
            ],
            facts: [key: Examples.stream(key.stream).facts]
        )
        change(&picture)
        return picture
    }

    private func report(_ picture: Picture) -> StatusReport {
        StatusBuilder(definitions: [:], version: "1.0.0").report(picture, now: now)
    }

    @Test func `a connection whose definition is gone is blocked and never missing`() throws {
        let line = try #require(report(picture()).customers.first?.connections.first)
        #expect(line.headline.state == .blocked)
        #expect(line.headline.cause?.message == "the connector office could not be loaded")
        #expect(line.credential?.kind == "secret" && line.credential?.expiresAt == now + .days(9))
        #expect(line.credential?.source == .declared)
        #expect(line.credential?.warning?.within == .days(14))
        #expect(line.credential?.warning?.left == .days(9))
        #expect(line.credential?.warning?.next == "headgate rotate acme/o365")
    }

    @Test func `a draft carries its cause`() throws {
        let cause = Cause(faultClass: .auth, message: "the client secret is wrong", since: now)
        let report = report(
            picture {
                $0.connections[0].acceptedAt = nil
                $0.connections[0].draftCause = cause
            }
        )
        let line = try #require(report.customers.first?.connections.first)
        #expect(line.headline.state == .draft)
        #expect(line.headline.cause == cause)
        // It is refused already; that it would end in nine days is nothing to warn of.
        #expect(line.credential?.expiresAt == now + .days(9) && line.credential?.warning == nil)
        let empty = self.report(
            picture {
                $0.connections[0].acceptedAt = nil
                $0.connections[0].draftCause = cause
                $0.connections[0].streams = []
            }
        )
        #expect(empty.customers.first?.connections.first?.headline.cause == cause)
    }

    @Test func `the stored state stays until the host has looked twice, and what is worse shows at once`()
        throws
    {
        func state(stored: StreamState, tickAge: Duration) -> StreamState? {
            report(
                picture {
                    $0.states[key] = Standing(state: stored, since: now - .hours(1))
                    $0.tick?.lastTick = now - tickAge
                    $0.connections[0].streams[0].hold = nil
                }
            ).customers.first?.connections.first?.streams.first?.state
        }
        #expect(state(stored: .active, tickAge: .seconds(5)) == .blocked)
        #expect(state(stored: .active, tickAge: .minutes(3)) == .unknown)
    }

    @Test func `gaps and waiting items are counted`() throws {
        let gap = Gap(
            stream: key,
            kind: .span,
            from: now - .hours(2),
            to: now - .hours(1),
            cause: .gone,
            how: "window never fetched",
            detected: now
        )
        var item = gap
        item.kind = .item
        let report = report(picture { $0.gaps = [gap, item] })
        let stream = try #require(report.customers.first?.connections.first?.streams.first)
        #expect(stream.situation.gapsOpen == 2 && stream.situation.itemsPending == 1)
    }

    @Test func `a ledger that cannot be read is said, not hidden`() {
        let report = StatusBuilder(definitions: [:], version: "1").unreadable(
            .missing("ledger"),
            now: now
        )
        #expect(StatusText(report).lines[0].hasPrefix("not known "))
        #expect(StatusText(report).lines.dropFirst() == ["HEADGATE  There is no ledger, since 14:07"])
        #expect(report.level == .unknown)
    }

    @Test func `what a person lets stand is said where it stands, and no longer once it counts again`() throws
    {
        let plain = report(picture())
        #expect(plain.customers.first?.connections.first?.acks == [])
        let issue = try #require(IssueList(plain, watches: [], acks: []).issues.first)
        let ack = Ack(
            issue: issue.id,
            connection: "acme/o365",
            by: "max",
            reason: "the vendor mends it",
            at: now,
            until: now + .days(2)
        )
        let stands = report(picture { $0.acks = [ack] })
        #expect(stands.customers.first?.connections.first?.acks == [ack])
        let words = "let stand until 2026-11-23 by max: the vendor mends it"
        #expect(StatusText(stands).lines.contains { $0.contains(words) }, "\(StatusText(stands).lines)")
        #expect(StatusPage(stands).text.contains(words))
        #expect(stands.json["customers"]?[0]?["connections"]?[0]?["acks"]?[0]?["by"] == "max")
        var over = ack
        over.until = now - .minutes(1)
        #expect(report(picture { $0.acks = [over] }).customers.first?.connections.first?.acks == [])
    }
}
