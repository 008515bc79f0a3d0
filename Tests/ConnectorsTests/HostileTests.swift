// SPDX-License-Identifier: Apache-2.0
import Connectors
import JSON
import TestSupport
import Testing

@Suite("Hostile definitions", .timeLimit(.minutes(10)))
struct HostileTests {
    /// A definition that is fine but for what `changes` put at their places.
    private func read(_ changes: [(at: String, value: Value)], signIn: NewConnector.SignIn = .oauth2) throws
        -> (definition: Definition?, findings: [Finding])
    {
        let made = try #require(NewConnector(id: "own", kind: .window, signIn: signIn))
        let text = try #require(made.files.first { $0.path == "connector.json" }).text
        var value = try Value(parsing: Array(text.utf8))
        for change in changes {
            value = Self.put(change.value, at: try #require(Pointer(change.at)).tokens[...], of: value)
        }
        return Definition.read(value.bytes())
    }

    private static func put(_ new: Value, at path: ArraySlice<String>, of value: Value) -> Value {
        guard let first = path.first else { return new }
        if var elements = value.arrayValue {
            guard let index = Int(first), elements.indices.contains(index) else {
                return .array(elements + [new])
            }
            elements[index] = put(new, at: path.dropFirst(), of: elements[index])
            return .array(elements)
        }
        var object = value.objectValue ?? Object()
        object[first] = put(new, at: path.dropFirst(), of: object[first] ?? .null)
        return .object(object)
    }

    @Test func `what deceives a screen is every control character and what turns the direction of a line`() {
        for value in UInt32(0)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let turns = (0x202A...0x202E).contains(value) || (0x2066...0x2069).contains(value)
            guard Text.isDeceiving(scalar) != (scalar.properties.generalCategory == .control || turns) else {
                continue
            }
            Issue.record("U+\(String(value, radix: 16))")
        }
    }

    @Test func `the definition that is spoiled below is fine by itself`() throws {
        for signIn in NewConnector.SignIn.allCases {
            #expect(try read([], signIn: signIn).findings.map(\.description) == [])
        }
    }

    @Test(arguments: [
        "/auth/token/path", "/auth/token/query/key", "/services/api/base", "/services/login/base",
        "/streams/0/list/request/path", "/streams/0/list/request/query/key",
        "/streams/0/list/request/headers/X-Key", "/streams/0/paging/addQuery/key",
        "/remedies/correct-entry/where", "/remedies/correct-entry/cause",
    ])
    func `a secret outside auth or in an address is refused`(_ place: String) throws {
        let start = place.hasSuffix("path") ? "/" : place.hasSuffix("base") ? "https://api.example.com/" : ""
        let (definition, findings) = try read([(place, .string(start + "{{ secrets.clientSecret }}"))])
        #expect(definition == nil)
        #expect(findings.contains { $0.rule == .secret }, "\(findings)")
    }

    @Test(arguments: [
        "{{ secrets.other }}", "{{ env.HOME }}", "{{ file.passwd }}", "{{ vault.clientSecret }}",
        "{{ credentials.clientSecret }}", "{{ credentials.other }}", "{{ registration.secret }}",
    ])
    func `no name reaches what was not declared`(_ expression: String) throws {
        for place in ["/auth/token/form/key", "/streams/0/list/request/query/key"] {
            let (definition, findings) = try read([(place, .string(expression))])
            #expect(definition == nil, "\(place)")
            #expect(findings.contains { [.template, .secret].contains($0.rule) }, "\(findings)")
        }
    }

    @Test(arguments: [
        "{{ '/etc/passwd' | file }}", "{{ 'HOME' | env }}", "{{ command('id') }}", "{{ 'x' | include }}",
        "{{ {{ now }} }}", "{{ now",
    ])
    func `no filter reads files or variables or runs anything`(_ expression: String) throws {
        let (definition, findings) = try read([("/streams/0/list/request/query/key", .string(expression))])
        #expect(definition == nil)
        #expect(findings.contains { $0.rule == .template }, "\(findings)")
    }

    @Test(arguments: [
        ("/services/api/base", "https://elsewhere.example.net"),
        ("/services/login/base", "https://login.example.com.evil.example"),
        ("/services/login/base", "http://login.example.com"),
        ("/services/api/base", "https://user@api.example.com"),
        ("/services/api/base", "https://{{ credentials.organisation }}.example.com"),
        ("/hosts/0", "*.example.com"),
    ])
    func `a token goes to no host that is not listed`(_ place: String, _ address: String) throws {
        let (definition, findings) = try read([(place, .string(address))])
        #expect(definition == nil)
        #expect(findings.contains { $0.rule == .host }, "\(findings)")
    }

    @Test func `an entered host must end in a domain that is named`() throws {
        for ending in ["", ".", "example.com", ".com/", ".*"] {
            let rule: Value = ["credential": "organisation", "mustEndWith": .string(ending)]
            let (definition, findings) = try read([("/hosts/1", rule)])
            #expect(definition == nil && !findings.isEmpty, "\(ending)")
        }
    }

    @Test func `streams that are like one another come to an end`() throws {
        let own: Value = ["id": "a", "like": "a", "title": "A", "summary": "A."]
        let left: Value = ["id": "b", "like": "c", "title": "B", "summary": "B."]
        let right: Value = ["id": "c", "like": "b", "title": "C", "summary": "C."]
        for streams in [[own], [left, right], [own, left, right]] {
            let (definition, findings) = try read([("/streams", .array(streams))])
            #expect(definition == nil)
            #expect(findings.contains { $0.rule == .reference && $0.pointer.description.hasSuffix("/like") })
        }
    }

    @Test(arguments: ["\u{0}", "\n", "\u{1B}[2J", "\u{85}", "\u{202E}", "\u{2066}"])
    func `a control character stands nowhere`(_ character: String) throws {
        for place in ["/streams/0/list/request/path", "/title", "/remedies/correct-entry/cause"] {
            let start = place.hasSuffix("path") ? "/v1" : "Text"
            let (definition, findings) = try read([(place, .string(start + character + "more"))])
            #expect(definition == nil, "\(place)")
            let words = findings.map(\.description).joined()
            #expect(words.contains("control character") && !words.contains(character), "\(findings)")
        }
        let (named, _) = try read([("/services/a\(character)b", ["base": "https://api.example.com"])])
        #expect(named == nil)
    }

    @Test func `depth and size have an end, in definitions and in tests`() throws {
        for (open, close) in [("[", "]"), (#"{"a":"#, "}")] {
            let deep =
                String(repeating: open, count: 10_000) + "1" + String(repeating: close, count: 10_000)
            #expect(Definition.read(Array(deep.utf8)).findings.map(\.rule) == [.json])
            let (definition, _) = Definition.read(try Mutation.base("general"))
            let test = Rehearsal.read(Array(deep.utf8), file: "a.json", of: try #require(definition))
            #expect(test.rehearsal == nil && test.findings.map(\.rule) == [.json])
        }
        let folder = TemporaryFolder()
        folder.write([UInt8](repeating: 0x20, count: 5 << 20), to: "large/connector.json")
        for isShipped in [true, false] {
            let inspection = Shelf.inspect(folder: folder.file("large"), isShipped: isShipped)
            #expect(inspection.definition == nil)
            #expect(inspection.findings.contains { $0.message.contains("larger than 4 MiB") })
        }
    }

    @Test(arguments: [400, 501, 20_000])
    func `many streams are many problems, and no endless search for their lines`(
        _ count: Int
    ) throws {
        let streams = (0..<count).map { number -> Value in
            ["id": .string("s\(number)"), "like": "s0", "title": "S", "summary": "S."]
        }
        let (definition, findings) = try read([("/streams", .array(streams))])
        #expect(definition == nil)
        #expect((1...500).contains(findings.count))
        let (many, _) = try read([("/quotas", .array(Array(repeating: "x", count: 20_000)))])
        #expect(many == nil)
    }

    @Test func `one bad definition takes no other off the shelf`() throws {
        let folder = TemporaryFolder()
        folder.write("\u{0}", to: "nul/connector.json")
        folder.write(String(repeating: "[", count: 10_000), to: "deep/connector.json")
        folder.write("{}", to: "office365-management/connector.json")
        folder.write("x", to: "a file")
        folder.write(try Mutation.base("general"), to: "general/connector.json")
        let shelf = try Shelf(shipped: Repository.connectors, home: folder.path)
        #expect(try shelf.usable("office365-management").id == "office365-management")
        #expect(try shelf.definition("general").id == "general")
        #expect(shelf.items.count { !$0.isShipped && $0.definition == nil } == 3)
    }
}
