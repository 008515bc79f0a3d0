// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import Connectors
import Host
import Identity
import HTTPClient
import JSON
import Source
import Status
import Store
import TestSupport
import Testing

@Suite("Repair and re-authorisation", .timeLimit(.minutes(5)))
struct RepairTests {
    private static let other = "0ddba11e-0000-4000-8000-0000000000b7"
    private static let fresh = "nEw8Q~Harbour.Lantern_Orchard-91d4b7aa02"

    private func starts(_ rig: Rig) -> Int { rig.simulator.log.entries.count { $0.operation == .start } }

    @Test func `a subscription listed as disabled is started once when a person says so`() async throws {
        let rig = try await Rig(streams: [.general, .exchange])
        try await rig.pass()
        await rig.simulator.setSubscription(
            tenant: Rig.tenant,
            type: .exchange,
            app: Rig.app,
            enabled: false
        )
        for _ in 0..<3 {
            rig.time.advance(by: .minutes(10))
            try await rig.pass()
        }
        #expect(starts(rig) == 0)
        let blocked = try await rig.facts(.exchange)
        #expect(blocked.cause?.faultClass == .subscription && blocked.cause?.blocks == true)
        guard case .person(let words, let remedy) = Repair.judge([blocked]) else {
            Issue.record("a person has to act")
            return
        }
        #expect(words.contains("disabled") && remedy?.id == "subscription-disabled")
        try await Repair.allow([rig.key(.exchange)], in: rig.ledger, now: rig.time.now)
        try await rig.pass()
        #expect(starts(rig) == 1)
        rig.time.advance(by: .minutes(10))
        try await rig.pass()
        #expect(Repair.judge([try await rig.facts(.exchange)]) == .resolved(wasWrong: true))
        #expect(try await rig.ledger.takeWoken().isEmpty)
        // One word is one try.
        await rig.simulator.setSubscription(
            tenant: Rig.tenant,
            type: .exchange,
            app: Rig.app,
            enabled: false
        )
        for _ in 0..<3 {
            rig.time.advance(by: .minutes(20))
            try await rig.pass()
        }
        #expect(starts(rig) == 1)
    }

    /// The former app has lost its access for hours; another one is at hand.
    private func reauth(_ rig: Rig) -> (Reauth, Vault) {
        let client = Client()
        let vault = Vault(rig.home, credentials: nil)
        let rotation = Rotation(
            ledger: rig.ledger,
            vault: vault,
            shelf: rig.station.shelf,
            maker: SessionMaker(
                shared: Session.Shared(transport: client, time: rig.time),
                tokens: Tokens(transport: client, time: rig.time),
                clouds: rig.station.shelf.clouds,
                publisherID: nil
            ),
            time: rig.time
        )
        return (Reauth(rotation), vault)
    }

    @Test func `what neither app is given is written down as lost, and the rest goes on from the cursor`()
        async throws
    {
        let rig = try await Rig { scenario in
            var app = Scenario.App(id: Self.other, secret: Self.fresh)
            app.roles = scenario.apps[0].roles
            scenario.apps.append(app)
            scenario.tenants[0].subscriptions = [Scenario.Subscribed(.general, app: Rig.app)]
        }
        try await rig.pass()
        let mark = try #require(try await rig.facts().watermark)
        await rig.simulator.register(Scenario.App(id: Rig.app))
        await rig.simulator.endTokens()
        for _ in 0..<3 {
            rig.time.advance(by: .hours(1))
            try await rig.pass()
        }
        #expect(try await rig.facts().cause?.blocks == true)
        let (reauth, vault) = reauth(rig)
        let app = try await reauth.look(
            rig.connection,
            clientKey: Self.other,
            OfferedCredential(secret: Secret(Self.fresh))
        )
        #expect(try await reauth.prove(app, reads: false).outcome == .proven)
        #expect(starts(rig) == 0)
        let readiness = try await reauth.prepare(app)
        #expect(starts(rig) == 1)
        #expect(try await reauth.prove(app, reads: true).lines.first?.read == ["Audit.General"])
        let cost = try await reauth.cost(app, readiness)
        #expect(cost.wait == nil)
        #expect(cost.lost["Audit.General"]?.lowerBound == mark.rounded(downTo: .minutes(1)))
        #expect(try await reauth.move(app, lost: cost.lost))
        let registrations = try await rig.ledger.registrations()
        #expect(registrations.map(\.clientKey) == [Self.other])
        #expect(try await vault.secret(app.registration.id, .current) == Secret(Self.fresh))
        let gaps = try await rig.ledger.gaps(.all, openOnly: false)
        #expect(gaps.map(\.lost) == [true] && gaps.first?.from == mark.rounded(downTo: .minutes(1)))
        #expect(try await rig.facts().keptSince == cost.lost["Audit.General"]?.upperBound)
        #expect(try await rig.ledger.takeWoken() == [rig.key(.general)])
        // Moving it a second time finds the app in use.
        await #expect(throws: CredentialRefused.self) {
            try await reauth.look(rig.connection, clientKey: Self.other, nil)
        }
    }

    @Test func `while the former app collects, moving waits until it has brought everything from before`()
        async throws
    {
        let rig = try await Rig { scenario in
            var app = Scenario.App(id: Self.other, secret: Self.fresh)
            app.roles = scenario.apps[0].roles
            scenario.apps.append(app)
            scenario.tenants[0].subscriptions = [Scenario.Subscribed(.general, app: Rig.app)]
        }
        try await rig.pass()
        let (reauth, _) = reauth(rig)
        let offered = OfferedCredential(secret: Secret(Self.fresh))
        let first = try await reauth.look(rig.connection, clientKey: Self.other, offered)
        _ = try await reauth.prove(first, reads: false)
        let wait = try await reauth.cost(first, try await reauth.prepare(first)).wait
        #expect(wait.map { $0 > rig.time.now } == true)
        try await reauth.abandon(first)
        rig.time.advance(by: .minutes(10))
        try await rig.pass()
        let second = try await reauth.look(rig.connection, clientKey: Self.other, offered)
        _ = try await reauth.prove(second, reads: false)
        let cost = try await reauth.cost(second, try await reauth.prepare(second))
        #expect(cost.wait == nil && cost.lost.isEmpty)
        #expect(starts(rig) == 1)
        #expect(try await reauth.move(second, lost: cost.lost))
        #expect(try await rig.ledger.gaps(.all, openOnly: false).isEmpty)
    }

    @Test func `a former credential goes by itself when it has ended, its secret with it`() async throws {
        let rig = try await Rig()
        let vault = Vault(rig.home, credentials: nil)
        let now = rig.time.now
        for slot in CredentialSlot.allCases { try await vault.put(Secret("kept"), "r1", slot) }
        let former = Store.Credential(kind: .secret, version: 1, expiresAt: now + .days(3), added: now)
        var registration = try #require(try await rig.ledger.registrations().first)
        registration.current = Store.Credential(kind: .secret, version: 2, slot: .next, added: now)
        registration.next = former
        try await rig.ledger.write([.registration(registration)])
        #expect(try await Rotation.dropEnded(rig.ledger, vault, now: now + .days(2)).isEmpty)
        #expect(try await vault.secret("r1", .current) != nil)
        let gone = try await Rotation.dropEnded(rig.ledger, vault, now: now + .days(3))
        #expect(gone.map(\.id) == ["r1"])
        #expect(try await rig.ledger.registrations().first?.next == nil)
        #expect(try await vault.secret("r1", .current) == nil)
        #expect(try await vault.secret("r1", .next) == Secret("kept"))
    }
}
