// SPDX-License-Identifier: Apache-2.0
import Connectors
import FoundationEssentials
import JSON
import TestSupport
import Testing

@Suite("Parts that definitions share")
struct InclusionTests {
    private let folder = TemporaryFolder()
    private var shipped: String { folder.path + "/shipped" }
    private var own: String { folder.path + "/home/mine" }

    private func write(_ path: String, _ text: String) throws {
        let url = URL(filePath: folder.path + "/" + path)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(text.utf8).write(to: url)
    }

    /// The definition of the tests with `part` in the place of `key`.
    private func general(_ key: String, _ part: Value) throws -> [UInt8] {
        var object = try #require(try Value(parsing: Mutation.base("general")).objectValue)
        object[key] = part
        return Value.object(object).bytes(pretty: true)
    }

    private func part(of key: String) throws -> Value {
        try #require(try Value(parsing: Mutation.base("general"))[key])
    }

    private func read(_ bytes: [UInt8]) -> (definition: Definition?, findings: [Finding]) {
        let files = IncludedFiles(own: own, shipped: shipped)
        return Definition.read(bytes, file: "mine/connector.json", including: files)
    }

    private func include(_ names: Value) -> Value { .object(Object([("$include", names)])) }

    @Test func `make the same definition as if they stood in it`() throws {
        let whole = try #require(Definition.read(Mutation.base("general")).definition)
        let errors = try part(of: "errors")
        try write(
            "shipped/common/api.json",
            Value.object(["errors": errors, "remedies": try part(of: "remedies")]).text()
        )
        try write("home/mine/parts.json", Value.object(["services": try part(of: "services")]).text())
        var object = try #require(try Value(parsing: Mutation.base("general")).objectValue)
        object["errors"] = [include("common/api.json#/errors")]
        object["remedies"] = include(["common/api.json#/remedies"])
        object["services"] = include("parts.json#/services")
        let (definition, findings) = read(Value.object(object).bytes())
        #expect(findings.map(\.description) == [])
        #expect(definition?.included == ["common/api.json", "parts.json"])
        #expect(definition?.errors == whole.errors)
        #expect(definition?.remedies == whole.remedies)
        #expect(definition?.services == whole.services)
    }

    @Test func `stand where they are put in a list, and yield to an object's own members`() throws {
        let errors = try #require(try part(of: "errors").arrayValue)
        let ids = errors.prefix(2).compactMap { $0["id"]?.stringValue }
        try write("home/mine/parts.json", Value.object(["last": .array([errors[1]])]).text())
        let first = read(try general("errors", [errors[0], include("parts.json#/last")]))
        #expect(first.definition?.errors.map(\.id) == ids)
        let last = read(try general("errors", [include("parts.json#/last"), errors[0]]))
        #expect(last.definition?.errors.map(\.id) == ids.reversed())

        var other = try #require(try part(of: "remedies").objectValue)
        var remedy = try #require(other["turn-on"]?.objectValue)
        remedy["title"] = "Another title"
        other["turn-on"] = .object(remedy)
        try write("home/mine/parts.json", Value.object(["remedies": .object(other)]).text())
        var mine = try #require(try part(of: "remedies").objectValue)
        mine["$include"] = "parts.json#/remedies"
        let (definition, findings) = read(try general("remedies", .object(mine)))
        #expect(findings.isEmpty)
        #expect(definition?.remedies == (try Definition.read(Mutation.base("general")).definition?.remedies))
    }

    @Test func `are found fault with in the file in which they stand`() throws {
        let errors = try #require(try part(of: "errors").arrayValue)
        try write(
            "shipped/common/api.json",
            "{\n  \"errors\": [\n    {\"id\": \"x\", \"match\": {\"status\": [700]}, \"class\": \"bug\", \"action\": \"retry\"}\n  ]\n}"
        )
        let (_, findings) = read(
            try general("errors", [include("common/api.json#/errors"), errors[0], "no rule"])
        )
        let shared = try #require(findings.first { $0.file == "common/api.json" })
        #expect(shared.pointer.description == "/errors/0/match/status/0")
        #expect(shared.line == 3)
        // What stands behind a part keeps its own place.
        #expect(
            findings.contains {
                $0.file == "mine/connector.json" && $0.pointer.description.hasPrefix("/errors/2")
            }
        )
    }

    @Test(arguments: [
        ("../secret.json#/errors", "may read no file of that name"),
        ("/etc/secret.json#/errors", "may read no file of that name"),
        ("parts/../../secret.json#/errors", "may read no file of that name"),
        (".hidden.json#/errors", "may read no file of that name"),
        ("parts.txt#/errors", "may read no file of that name"),
        ("link.json#/errors", "it is a link"),
        ("linked/secret.json#/errors", "it is a link"),
        ("missing.json#/errors", "there is no such file"),
        ("common/secret.json#/errors", "there is no such file"),
        ("broken.json#/errors", "it is no JSON, line 2"),
        ("parts.json#/nothing", "the file has no such place"),
        ("parts.json#/remedies", "is of the type object"),
        ("parts.json", "a file and a place in it"),
        ("parts.json#errors", "a file and a place in it"),
    ])
    func `come from nowhere else than the own folder and what is shipped`(
        _ name: String,
        _ why: String
    ) throws {
        try write("home/secret.json", #"{"errors": []}"#)
        try write("home/mine/parts.json", #"{"errors": [], "remedies": {}}"#)
        try write("home/mine/parts.txt", #"{"errors": []}"#)
        try write("home/mine/.hidden.json", #"{"errors": []}"#)
        try write("home/mine/broken.json", "{\n\"errors\": }")
        try write("home/mine/common/secret.json", #"{"errors": []}"#)
        let files = FileManager.default
        try files.createSymbolicLink(
            atPath: own + "/link.json",
            withDestinationPath: folder.path + "/home/secret.json"
        )
        try files.createSymbolicLink(
            atPath: own + "/linked",
            withDestinationPath: folder.path + "/home"
        )
        let (definition, findings) = read(try general("errors", [include(.string(name))]))
        #expect(definition == nil)
        let finding = findings.first { $0.pointer.description == "/errors/0/$include" }
        #expect(finding?.message.contains(why) == true, "\(findings)")
    }

    @Test func `take in nothing themselves`() throws {
        try write("home/mine/parts.json", #"{"errors": [{"$include": "parts.json#/errors"}]}"#)
        let (definition, findings) = read(try general("errors", [include("parts.json#/errors")]))
        #expect(definition == nil)
        #expect(findings.contains { $0.file == "mine/parts.json" && $0.rule == .unknownKey })
    }

    @Test func `are not taken in where the language has no place for them`() throws {
        let (definition, findings) = read(try general("health", include("parts.json#/health")))
        #expect(definition == nil)
        #expect(findings.contains { $0.rule == .unknownKey && $0.pointer.description == "/health/$include" })
    }

    @Test func `bring their tests along`() throws {
        try write(
            "shipped/common/api/rules.json",
            Value.object(["errors": try part(of: "errors")]).text()
        )
        let answer =
            #"{"answer": {"service": "api", "status": 429}, "expect": {"rule": "slow-down"}}"#
        try write(
            "shipped/common/api/tests/answers.json",
            #"{"name": "x", "kind": "classify", "answers": [\#(answer)]}"#
        )
        let bytes = try general("errors", [include("common/api/rules.json#/errors")])
        try write("shipped/general/connector.json", String(decoding: bytes, as: UTF8.self))
        try write("shipped/general/README.md", "# x")
        try write(
            "shipped/general/tests/a.json",
            #"{"name": "x", "kind": "classify", "answers": [\#(answer)]}"#
        )
        let inspection = Shelf.inspect(folder: shipped + "/general")
        #expect(inspection.findings.map(\.description) == [])
        #expect(
            inspection.rehearsals.map(\.file)
                == ["general/tests/a.json", "common/api/tests/answers.json"]
        )
    }

    @Test func `are no connectors themselves`() throws {
        let shelf = try Shelf(shipped: Repository.connectors)
        #expect(!shelf.items.map(\.id).contains(IncludedFiles.common))
    }
}
