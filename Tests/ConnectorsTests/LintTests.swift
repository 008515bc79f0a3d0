// SPDX-License-Identifier: Apache-2.0
import Connectors
import FoundationEssentials
import JSON
import TestSupport
import Testing

/// One way to break a good definition, from the table that the schema is held against too.
struct Mutation: CustomTestStringConvertible, Sendable {
    let name: String
    let base: String
    let removes: Bool
    let at: Pointer
    let value: Value
    let rule: String

    var testDescription: String { name }

    static let all: [Mutation] = {
        let rows = (try? Value(parsing: bytes("Tests/schema/mutations.json")))?.arrayValue ?? []
        return rows.compactMap { row in
            guard let name = row["name"]?.stringValue, let base = row["of"]?.stringValue,
                let at = row["at"]?.stringValue.flatMap({ Pointer($0) }), let rule = row["rule"]?.stringValue
            else { return nil }
            return Mutation(
                name: name,
                base: base,
                removes: row["do"] == "remove",
                at: at,
                value: row["value"] ?? .null,
                rule: rule
            )
        }
    }()

    static func bytes(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: Repository.root + "/" + path)))
    }

    static func base(_ name: String) throws -> [UInt8] {
        try bytes(
            name == "general" ? "Tests/schema/general.json" : "connectors/office365-management/connector.json"
        )
    }

    func applied() throws -> [UInt8] {
        let document = try Value(parsing: Self.base(base))
        return Self.change(document, at.tokens[...], removes ? Value?.none : value).bytes(pretty: true)
    }

    private static func change(_ value: Value, _ path: ArraySlice<String>, _ new: Value?) -> Value {
        guard let first = path.first else { return new ?? value }
        let isLast = path.count == 1
        if var elements = value.arrayValue, let i = Int(first), elements.indices.contains(i) {
            if isLast, case .none = new {
                elements.remove(at: i)
            } else {
                elements[i] = change(elements[i], path.dropFirst(), new)
            }
            return .array(elements)
        }
        guard var object = value.objectValue else { return value }
        if isLast {
            object[first] = new
        } else {
            object[first] = object[first].map { change($0, path.dropFirst(), new) }
        }
        return .object(object)
    }
}

@Suite("Lint")
struct LintTests {
    @Test(arguments: Mutation.all)
    func `refuses a definition that is broken in one way, by the right rule`(_ mutation: Mutation) throws {
        let (definition, findings) = Definition.read(try mutation.applied())
        #expect(definition == nil)
        let found = findings.map(\.description).joined(separator: "\n")
        #expect(findings.contains { $0.rule.rawValue == mutation.rule }, "\(found)")
        for finding in findings {
            #expect(finding.line > 0 && finding.column > 0)
            #expect(finding.message.hasSuffix(".") && finding.fix.hasSuffix("."), "\(finding)")
            #expect(!finding.message.contains("Optional("))
        }
    }

    @Test func `has a table of changes to work with`() {
        #expect(Mutation.all.count > 100)
    }

    @Test func `accepts a definition that uses the rest of the language`() throws {
        let (definition, findings) = Definition.read(try Mutation.base("general"))
        #expect(findings.map(\.description) == [])
        #expect(definition?.streams.map(\.id) == ["system", "members", "tokens"])
    }

    @Test func `shows every problem at once, each at its own line`() throws {
        let text = """
            {
              "headgate": 1,
              "id": "Bad Id",
              "version": "1",
              "tittle": "typo",
              "streams": []
            }
            """
        let (definition, findings) = Definition.read(Array(text.utf8))
        #expect(definition == nil)
        #expect(findings.contains { $0.rule == .value && $0.pointer.description == "/id" && $0.line == 3 })
        #expect(
            findings.contains { $0.rule == .value && $0.pointer.description == "/version" && $0.line == 4 }
        )
        let typo = findings.first { $0.rule == .unknownKey }
        #expect(typo?.line == 5 && typo?.fix.hasPrefix("Did you mean \"title\"?") == true)
        #expect(findings.filter { $0.rule == .missingKey }.count >= 10)
    }

    @Test func `says one thing of a definition in a later language`() throws {
        let (_, findings) = Definition.read(Array(#"{"headgate": 7, "anything": true}"#.utf8))
        #expect(findings.count == 1)
        #expect(findings.first?.message.contains("language version 7") == true)
    }

    @Test(arguments: ["", "{", "[1]", "nothing", "{\"headgate\":1,\"headgate\":1}", "\u{FEFF}{}"])
    func `says what is wrong with a file that is no definition`(_ text: String) {
        let (definition, findings) = Definition.read(Array(text.utf8))
        #expect(definition == nil)
        #expect(!findings.isEmpty)
    }

    @Test func `refuses a page's token in the header that carries the key`() throws {
        var text = String(decoding: try Mutation.base("general"), as: UTF8.self)
        text = text.split(separator: #""name": "Authorization""#).joined(separator: #""name": "X-Key""#)
        text = text.split(separator: #""to": { "body": "/after" }"#).joined(
            separator: #""to": { "header": "x-key" }"#
        )
        let (_, findings) = Definition.read(Array(text.utf8))
        #expect(findings.map(\.rule) == [.conflict])
        #expect(findings.first?.pointer.description == "/streams/2/paging")
        #expect(findings.first?.message.contains("carries the key") == true)
    }

    @Test func `survives hostile depth and length in expressions`() throws {
        let deep = String(repeating: "(", count: 10_000) + "a" + String(repeating: ")", count: 10_000)
        #expect(throws: SyntaxProblem.self) { try Predicate(deep) }
        #expect(throws: SyntaxProblem.self) {
            try Predicate(String(repeating: "not ", count: 900) + "a exists")
        }
        #expect(throws: SyntaxProblem.self) {
            try Template("{{ " + String(repeating: "a.", count: 9_000) + "a }}")
        }
    }
}
