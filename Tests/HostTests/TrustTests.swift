// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import Connectors
import Host
import JSON
import Status
import Store
import TestSupport
import Testing

@Suite("A host and definitions of the home's own", .timeLimit(.minutes(10)))
struct TrustTests {
    /// The shipped definition under another id, in the home.
    private func place(
        _ rig: Rig,
        version: String = "1.0.0",
        migrations: String = "[]",
        readme: String = "Own."
    ) throws {
        let shipped = Repository.connectors + "/office365-management/connector.json"
        let bytes = try #require(TemporaryFolder.contents(of: shipped))
        var text = String(decoding: bytes, as: UTF8.self)
        for (old, new) in [
            (#""id": "office365-management""#, #""id": "own-audit""#),
            (#""version": "1.0.0""#, #""version": "\#(version)""#),
            (#""tier": "gold""#, #""tier": "silver""#),
            (#""migrations": []"#, #""migrations": \#(migrations)"#),
        ] {
            let parts = text.split(separator: old, maxSplits: 1, omittingEmptySubsequences: false)
            text = parts.joined(separator: new)
        }
        rig.folder.write(text, to: "home/connectors/own-audit/connector.json")
        rig.folder.write(readme, to: "home/connectors/own-audit/README.md")
    }

    private func trust(_ rig: Rig) async throws {
        let shelf = try Shelf(shipped: Repository.connectors, home: rig.home.connectors)
        let digest = try #require(shelf.items.first { $0.id == "own-audit" }?.digest)
        try await rig.ledger.write([
            .trust(Trust(kind: .connector, id: "own-audit", digest: digest, by: "test", at: rig.time.now))
        ])
    }

    private func cause(_ summary: OncePass.Summary, _ rig: Rig) async throws -> (StreamState?, Cause?) {
        let standing = try await rig.ledger.states()[rig.key(.general)]
        return (standing?.state, standing?.cause)
    }

    @Test func `blocks its streams with one sentence, and goes on by itself once it is trusted`() async throws
    {
        let rig = try await Rig(connector: "own-audit")
        var summary = try await rig.pass()
        #expect(try await cause(summary, rig).0 == .blocked)
        #expect(
            try await cause(summary, rig).1?.message.contains("There is no connector \"own-audit\"") == true
        )

        try place(rig)
        summary = try await rig.pass()
        var (state, cause) = try await cause(summary, rig)
        #expect(state == .blocked && cause?.faultClass == .config)
        #expect(cause?.message.contains("is not trusted yet") == true)
        #expect(cause?.remedy?.next == "headgate connector trust own-audit")
        #expect(rig.simulator.log.entries.isEmpty)
        #expect(try rig.journal().isEmpty)

        try await trust(rig)
        summary = try await rig.pass()
        #expect(try await rig.holdsEverythingOnce())
        #expect(try await self.cause(summary, rig).0 == .active)

        try place(rig, readme: "Changed.")
        rig.simulator.log.clear()
        summary = try await rig.pass()
        (state, cause) = try await self.cause(summary, rig)
        #expect(state == .blocked && cause?.message.contains("has changed since it was trusted") == true)
        #expect(rig.simulator.log.entries.isEmpty)

        try await trust(rig)
        summary = try await rig.pass()
        #expect(try await self.cause(summary, rig).0 == .active)
        #expect(try await rig.holdsEverythingOnce())
    }

    @Test func `carries a connection over to a newer version, once and with an event`() async throws {
        let rig = try await Rig(connector: "own-audit")
        var connection = try #require(try await rig.ledger.connection(rig.connection))
        connection.version = "1.0.0"
        connection.credentials = ["tenantId": .string(Rig.tenant), "app": .string(Rig.app), "old": "x"]
        try await rig.ledger.write([.connection(connection)])
        let rule =
            #"{"from": "1.*", "rename": {"app": "clientKey"}, "drop": ["old"], "say": "App is Client Key."}"#
        try place(rig, version: "2.0.0", migrations: "[\(rule)]")
        try await trust(rig)
        try await rig.pass()
        #expect(try await rig.holdsEverythingOnce())
        let carried = try #require(try await rig.ledger.connection(rig.connection))
        #expect(carried.version == "2.0.0" && carried.identity == connection.identity)
        #expect(
            carried.credentials == ["tenantId": .string(Rig.tenant), "clientKey": .string(Rig.app)]
        )
        try await rig.pass()
        let events = try await rig.ledger.events(of: rig.connection)
        #expect(
            events.map(\.words) == [
                "carried over from version 1.0.0 to 2.0.0 of own-audit: App is Client Key."
            ]
        )
    }

    @Test(arguments: ["1.0.0", "3.0.1"])
    func `blocks a connection whose version nothing carries over`(_ version: String) async throws {
        let rig = try await Rig(connector: "own-audit")
        var connection = try #require(try await rig.ledger.connection(rig.connection))
        connection.version = version
        try await rig.ledger.write([.connection(connection)])
        try place(rig, version: "3.0.0")
        try await trust(rig)
        let summary = try await rig.pass()
        let (state, cause) = try await cause(summary, rig)
        #expect(state == .blocked && cause?.faultClass == .config)
        #expect(cause?.message.contains("set up with version \(version)") == true)
        #expect(rig.simulator.log.entries.isEmpty)
        #expect(try await rig.ledger.connection(rig.connection)?.version == version)
    }

    @Test func `shares no credential with a definition that sends it to a sign-in of its own`() async throws {
        let rig = try await Rig()
        let shared = Registration(
            id: "shared",
            cloud: "commercial",
            tenant: "contoso",
            clientKey: "app-4711",
            created: rig.time.now
        )
        try await rig.ledger.write([.registration(shared)])
        let registry = try await Registry(rig.ledger)
        let made = try #require(NewConnector(id: "own", kind: .window, signIn: .oauth2))
        let text = try #require(made.files.first { $0.path == "connector.json" }).text
        for isOwn in [true, false] {
            var object = try #require(Value(parsing: Array(text.utf8)).objectValue)
            object["services"] = [
                "login": isOwn ? ["base": "https://login.example.com"] : ["cloud": "login"],
                "api": ["cloud": "manage"],
            ]
            let (read, findings) = Definition.read(Value.object(object).bytes())
            let answers = try AnswersFile(
                parsing: Array(
                    #"{"customer": "a", "connector": "own", "name": "b", "credentials": {"organisation": "contoso", "clientKey": "app-4711"}}"#
                        .utf8
                )
            ).answers
            let form = try FilledForm(
                answers,
                definition: try #require(read, "\(findings)"),
                clouds: try Shelf(shipped: Repository.connectors).clouds
            )
            let found = registry.registration(answers, form, newID: "new", now: rig.time.now)
            #expect(found.id == (isOwn ? "new" : "shared"))
        }
    }

    @Test func `lets other connections be collected beside a definition that is broken or hostile`()
        async throws
    {
        let rig = try await Rig()
        rig.folder.write("{", to: "home/connectors/own-audit/connector.json")
        rig.folder.write(
            String(repeating: "[", count: 10_000),
            to: "home/connectors/deep/connector.json"
        )
        rig.folder.write(
            [UInt8](repeating: 0x20, count: 5 << 20),
            to: "home/connectors/large/connector.json"
        )
        rig.folder.write("x", to: "home/connectors/Not An Id/connector.json")
        try await rig.pass()
        #expect(try await rig.holdsEverythingOnce())
        #expect(rig.station.shelf.items.count { !$0.isShipped } == 4)
        #expect(rig.station.shelf.items.allSatisfy { $0.isShipped || $0.definition == nil })
    }
}
