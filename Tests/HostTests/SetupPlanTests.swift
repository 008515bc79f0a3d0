// SPDX-License-Identifier: Apache-2.0
import Basics
import Host
import JSON
import Status
import Store
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10)))
struct SetupPlanTests {
    private func document(_ text: String) throws(SetupRefused) -> SetupDocument {
        try SetupDocument(parsing: Array(text.utf8))
    }

    private func export(_ rig: Rig) async throws -> Value {
        ExportDocument.document(
            customers: try await rig.ledger.customers(),
            registrations: try await rig.ledger.registrations(),
            connections: try await rig.ledger.connections(),
            settings: Settings()
        )
    }

    private func plan(_ text: String, _ rig: Rig, _ registry: Registry? = nil) async throws -> SetupPlan {
        let known = if let registry { registry } else { try await Registry(rig.ledger) }
        return try SetupPlan(try document(text), known, Settings(), rig.station.shelf, now: rig.time.now)
    }

    @Test(
        arguments: [
            ("{", ["not JSON"]), ("[]", ["must be an object"]), ("{}", ["\"schema\" must be 1"]),
            (
                #"{"schema": 1, "strems": [], "customers": [{"id": "A B", "conections": []}, {"name": 5}]}"#,
                [
                    "unknown key \"strems\"", "\"A B\" is no id", "unknown key \"conections\"",
                    "\"id\" is missing", "must be text",
                ]
            ),
            (
                #"{"schema": 1, "registrations": [{"cloud": "c", "tenant": "t", "current": {"kind": "key", "at": "here"}}]}"#,
                ["\"kind\" is one of", "is neither \"vault\""]
            ),
            (
                #"""
                {"schema": 1, "customers": [{"id": "a", "connections": [
                  {"connector": "x", "name": "b", "start": "P9D", "draft": "no", "streams": []},
                  {"connector": "x", "name": "b", "streams": [{"id": "s", "hold": {"kind": "off", "by": "m", "reason": "r"}}]}
                ]}, {"id": "a"}]}
                """#,
                [
                    "P9D", "must be true or false", "\"streams\" is empty", "paused or excluded",
                    "b stands there twice", "a stands there twice",
                ]
            ),
        ] as [(String, [String])]
    )
    func `a document that does not read is refused with all its problems at once`(
        _ text: String,
        _ says: [String]
    ) {
        let refused = #expect(throws: SetupRefused.self) { try document(text) }
        let words = refused?.description ?? ""
        for part in says { #expect(words.contains(part), "\(part): \(words)") }
        #expect(refused?.problems.count == says.count, "\(words)")
    }

    @Test func `an export of a home changes nothing of it`() async throws {
        let rig = try await Rig(derived: ["Alerts.HandledPhishReports"])
        try await rig.identify()
        let hold = Hold(
            kind: .paused,
            by: "me",
            reason: "holiday",
            at: rig.time.now,
            until: rig.time.now + .days(3)
        )
        _ = try await Holding.hold(
            try #require(Selection("contoso/o365/Audit.General")),
            hold,
            in: rig.ledger
        )
        let plan = try await plan(try await export(rig).text(), rig)
        #expect(!plan.hasChanges, "\(plan.items.flatMap(\.lines))")
        #expect(plan.items.map(\.kind) == [.settings, .registration, .customer, .connection])
        let fresh = try await self.plan(try await export(rig).text(), rig, Registry())
        #expect(fresh.items.map(\.action) == [.unchanged, .create, .create, .create])
    }

    @Test func `what is not mentioned is left alone, and what is is compared`() async throws {
        let rig = try await Rig()
        try await rig.identify()
        let sparse =
            #"{"schema": 1, "customers": [{"id": "contoso", "connections": [{"connector": "office365-management", "name": "o365"}]}]}"#
        #expect(try await !plan(sparse, rig).hasChanges)
        let changed = #"""
            {"schema": 1, "config": {"journal": {"retention": "P3D"}}, "customers": [{"id": "contoso", "name": "Contoso AG",
             "connections": [{"connector": "office365-management", "name": "o365", "noChanges": true, "streams": [
               {"id": "Audit.General", "hold": {"kind": "paused", "by": "me", "reason": "x"}}, {"id": "DLP.All"}]}]}]}
            """#
        let paths = try await plan(changed, rig).items.flatMap(\.differences).map(\.path)
        #expect(paths == ["journal.retention", "name", "streams", "noChanges", "hold.Audit.General"])
    }

    @Test(arguments: [
        (#""tenant": "b86ab9d4-0000-4b11-8a06-000000000000""#, "never changes"),
        (#""cloud": "gcc""#, "never changes"),
        (#""start": "P5D""#, "headgate backfill"),
        (#""registration": "lab/x/y""#, "there is no registration"),
        (#""streams": [{"id": "Audit.Genral"}]"#, "has no stream"),
        (#""credentials": {"publisherId": "me"}"#, "publisherId"),
    ])
    func `what cannot become another is said with its place`(_ member: String, _ says: String) async throws {
        let rig = try await Rig()
        try await rig.identify()
        let text = #"""
            {"schema": 1,
             "customers": [{"id": "contoso", "connections": [
               {"connector": "office365-management", "name": "o365", \#(member)}]}]}
            """#
        let refused = await #expect(throws: SetupRefused.self) { try await plan(text, rig) }
        let words = refused?.description ?? ""
        #expect(words.contains(says) && words.contains("line 3 /customers/0/connections/0"), "\(words)")
    }

    @Test
    func `one tenant is not connected twice, and an app's secret is not put into the vault by a document`()
        async throws
    {
        let rig = try await Rig()
        try await rig.identify()
        let connection =
            #"{"connector": "office365-management", "name": "NAME", "cloud": "lab", "credentials": {"tenantId": "\#(Rig.tenant)", "clientKey": "\#(Rig.app)"}}"#
        func named(_ name: String) -> String { connection.split(separator: "NAME").joined(separator: name) }
        let twins =
            #"{"schema": 1, "customers": [{"id": "a", "connections": [\#(named("x")), \#(named("y"))]}]}"#
        let refused = await #expect(throws: SetupRefused.self) { try await plan(twins, rig, Registry()) }
        #expect(refused?.description.contains("collected twice") == true)
        let app =
            #"{"schema": 1, "registrations": [{"cloud": "lab", "tenant": "\#(Rig.tenant)", "clientKey": "\#(Rig.app)", "current": CURRENT}]}"#
        func with(_ key: String) -> String { app.split(separator: "CURRENT").joined(separator: key) }
        let moved = try await plan(with(#"{"kind": "secret", "at": "env:SECRET"}"#), rig)
        #expect(
            moved.items.first?.differences.first?.line == "current: secret at vault -> secret at env:SECRET"
        )
        let other = await #expect(throws: SetupRefused.self) {
            try await plan(with(#"{"kind": "certificate", "at": "vault"}"#), rig)
        }
        #expect(other?.description.contains("--secret-file") == true)
    }
}
