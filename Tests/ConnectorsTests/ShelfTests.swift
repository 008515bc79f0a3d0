// SPDX-License-Identifier: Apache-2.0
import Connectors
import FoundationEssentials
import TestSupport
import Testing

@Suite("The shelf")
struct ShelfTests {
    private let folder = TemporaryFolder()

    private func write(_ path: String, _ bytes: [UInt8]) throws {
        let url = URL(filePath: folder.path + "/" + path)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(bytes).write(to: url)
    }

    @Test func `adds a home directory's connectors`() throws {
        try write("general/connector.json", Mutation.base("general"))
        let shelf = try Shelf(shipped: Repository.connectors, home: folder.path)
        #expect(try shelf.definition("general").title == "A service that is not Microsoft's")
        #expect(shelf.items.filter(\.isShipped).map(\.id).contains("office365-management"))
    }

    @Test func `runs the shipped connector where a home directory reuses its id, and says so`() throws {
        try write("office365-management/connector.json", Mutation.base("office365"))
        let shelf = try Shelf(shipped: Repository.connectors, home: folder.path)
        let own = try #require(shelf.items.first { !$0.isShipped })
        #expect(own.definition == nil)
        #expect(own.findings.first?.message.contains("the shipped one runs") == true)
        #expect(try shelf.definition("office365-management").version == "1.0.0")
    }

    @Test func `keeps a broken connector with its reason and lets the others stand`() throws {
        try write("broken/connector.json", Array("{}".utf8))
        try write("renamed/connector.json", Mutation.base("general"))
        let shelf = try Shelf(shipped: Repository.connectors, home: folder.path)
        #expect(try shelf.definition("office365-management").id == "office365-management")
        let failure = #expect(throws: ConnectorFailure.self) { try shelf.definition("broken") }
        #expect(failure?.description.contains("broken/connector.json cannot be used: line 1") == true)
        let renamed = #expect(throws: ConnectorFailure.self) { try shelf.definition("renamed") }
        #expect(renamed?.description.contains("calls itself \"general\"") == true)
    }

    @Test func `refuses a second definition that counts one quota by other numbers`() throws {
        let text = String(decoding: try Mutation.base("general"), as: UTF8.self)
        let other = text.split(
            separator: "\"id\": \"general\", \"requests\"",
            omittingEmptySubsequences: false
        )
        .joined(separator: "\"id\": \"office365-management\", \"requests\"")
        .split(separator: "[\"general\"]", omittingEmptySubsequences: false)
        .joined(separator: "[\"office365-management\"]")
        try write("general/connector.json", Array(other.utf8))
        let shelf = try Shelf(shipped: Repository.connectors, home: folder.path)
        let failure = #expect(throws: ConnectorFailure.self) { try shelf.definition("general") }
        #expect(failure?.description.contains("other numbers") == true)
        #expect(try shelf.definition("office365-management").quotas.count == 1)
        // Lint says the same of the folder, whatever it is looked at beside.
        let known = shelf.items.compactMap(\.definition)
        let inspection = Shelf.inspect(folder: folder.file("general"), beside: known)
        #expect(inspection.findings.contains { $0.message.contains("other numbers") })
        let alone = Shelf.inspect(folder: folder.file("general"))
        #expect(!alone.findings.contains { $0.message.contains("other numbers") })
    }

    @Test func `says what to use instead of a retired connector or stream`() throws {
        try write("general/connector.json", try Mutation.base("general"))
        let shelf = try Shelf(shipped: Repository.connectors, home: folder.path)
        let failure = #expect(throws: ConnectorFailure.self) { try shelf.definition("general-old") }
        let words =
            "\"general-old\" is retired: The old interface was switched off. Use general, its stream system, instead."
        #expect(failure?.description == words)
        let general = try shelf.definition("general")
        #expect(
            general.retirement(ofStream: "logins")
                == "\"logins\" is retired: They are in the system log now. Use system instead."
        )
        #expect(general.retirement(ofStream: "system") == nil)
    }

    @Test func `says in one sentence that a connector does not exist`() throws {
        let failure = #expect(throws: ConnectorFailure.self) {
            try Shelf(shipped: Repository.connectors).definition("nothing")
        }
        #expect(failure?.description.hasPrefix("There is no connector \"nothing\"; there are ") == true)
    }

    @Test func `says in one sentence that the folder is missing`() {
        let failure = #expect(throws: ConnectorFailure.self) { try Shelf(shipped: "/nowhere/connectors") }
        #expect(failure?.description.contains("/nowhere/connectors could not be read") == true)
    }

    @Test func `refuses a definition without tests, and one with a test that is none`() throws {
        try write("general/connector.json", Mutation.base("general"))
        let bare = Shelf.inspect(folder: folder.path + "/general")
        #expect(Set(bare.findings.map(\.rule)) == [.file, .tests])
        try write("general/README.md", Array("# x".utf8))
        try write("general/tests/a.json", Array(#"{"name": "x", "kind": "classify", "answer": []}"#.utf8))
        let wrong = Shelf.inspect(folder: folder.path + "/general")
        #expect(wrong.findings.allSatisfy { $0.file == "general/tests/a.json" && $0.line == 1 })
        #expect(wrong.findings.contains { $0.rule == .unknownKey })
        let answer =
            #"{"answer": {"service": "api", "status": 400, "json": {"errorCode": "E2"}}, "expect": {"rule": "host.unknown"}}"#
        try write(
            "general/tests/a.json",
            Array(#"{"name": "x", "kind": "classify", "answers": [\#(answer)]}"#.utf8)
        )
        let good = Shelf.inspect(folder: folder.path + "/general")
        #expect(good.findings.map(\.description) == [])
        #expect(good.rehearsals.first?.rehearsal.misclassified(by: try #require(good.definition)) == [])
    }
}
