// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import Connectors
import Host
import JSON
import Probing
import Status
import Store
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10)))
struct ReconfiguringTests {
    private func rig() async throws -> Rig {
        let rig = try await Rig(streams: [.general, .exchange])
        try await rig.identify()
        return rig
    }

    private func changes(_ rig: Rig, _ settings: String...) throws -> ConnectionChanges {
        var changes = ConnectionChanges()
        let definition = try rig.station.shelf.definition("office365-management")
        for setting in settings { try changes.set(setting, of: definition) }
        return changes
    }

    private func plan(_ rig: Rig, _ changes: ConnectionChanges) async throws -> Reconfiguring.Plan {
        let connection = try #require(try await rig.ledger.connection(rig.connection))
        return try await Reconfiguring(rig.onboarding).plan(changes, of: connection)
    }

    @Test(arguments: [
        "publisherId", "=x", "colour=blue", "noChanges=perhaps", "secretExpires=soon", "displayName=",
    ])
    func `a setting that is none is refused`(_ setting: String) async throws {
        let rig = try await rig()
        #expect(throws: SettingRefused.self) { try changes(rig, setting) }
    }

    @Test func `only what is named becomes another, and what is so already is no difference`() async throws {
        let rig = try await rig()
        let none = try await plan(rig, changes(rig, "displayName=Office 365", "noChanges=false"))
        #expect(none.differences == [])
        var wanted = try changes(rig, "displayName=Mail", "noChanges=true", "secretExpires=2027-05-31")
        wanted.streams = ["Audit.Exchange"]
        wanted.select = ["Audit.Exchange": ["redact": ["ClientIP"]]]
        let lines = try await plan(rig, wanted).differences.map(\.line)
        #expect(
            lines == [
                "displayName: Office 365 -> Mail", "streams: Audit.General, Audit.Exchange -> Audit.Exchange",
                #"select.Audit.Exchange: nothing -> {"redact":["ClientIP"]}"#, "noChanges: false -> true",
                "secretExpires: nothing -> 2027-05-31T00:00:00Z",
            ],
            "\(lines)"
        )
    }

    @Test func `a stream that is taken in sets out, and the others keep what they had`() async throws {
        let rig = try await rig()
        try await rig.pass()
        let before = try await rig.facts()
        var wanted = ConnectionChanges()
        wanted.streams = ["Audit.General", "Audit.Exchange", "DLP.All"]
        let result = try await Reconfiguring(rig.onboarding).carryOut(try await plan(rig, wanted))
        guard case .tested(let added, let report) = result else {
            Issue.record("\(result)")
            return
        }
        #expect(added.isUpdate && report.streams.count == 3)
        let connection = try #require(try await rig.ledger.connection(rig.connection))
        #expect(connection.streams.map(\.stream).sorted() == ["Audit.Exchange", "Audit.General", "DLP.All"])
        let after = try await rig.facts()
        #expect(after.coveredFrom == before.coveredFrom && after.watermark == before.watermark)
        #expect(try await rig.ledger.facts(of: rig.key("DLP.All")).acceptedAt == rig.time.now)
    }

    @Test func `what would keep an accepted connection from collecting is not written`() async throws {
        let rig = try await rig()
        await rig.simulator.register(Scenario.App(id: Rig.app, secret: "another", roles: [:]))
        let before = try await rig.ledger.connection(rig.connection)
        let wanted = try changes(rig, "publisherId=46b472a7-c68e-4adf-8ade-3db49497518e")
        guard case .refused = try await Reconfiguring(rig.onboarding).carryOut(try await plan(rig, wanted))
        else {
            Issue.record("it was written")
            return
        }
        #expect(try await rig.ledger.connection(rig.connection) == before)
        let named = try await plan(rig, changes(rig, "displayName=Mail"))
        guard case .written = try await Reconfiguring(rig.onboarding).carryOut(named) else {
            Issue.record("a name needed a test")
            return
        }
        #expect(try await rig.ledger.connection(rig.connection)?.name == "Mail")
    }

    @Test(arguments: [
        "tenantId=c0ffee00-0000-4000-8000-0000000000ff", "clientKey=c0ffee00-0000-4000-8000-0000000000ff",
    ])
    func `what a connection is cannot become another`(_ setting: String) async throws {
        let rig = try await rig()
        let wanted = try changes(rig, setting)
        let refused = await #expect(throws: ReconfigureRefused.self) { try await plan(rig, wanted) }
        #expect(refused?.description.contains("headgate connection add") == true)
    }
}
