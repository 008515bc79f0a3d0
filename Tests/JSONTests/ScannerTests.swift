// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

@Suite struct ScannerTests {
    /// The picked fields of every element as texts.
    private func picked(_ text: String, at items: Pointer = .root, _ fields: [FieldPath]) throws
        -> [[String?]]
    {
        let body = Array(text.utf8)
        let split = try Scanner.split(body, at: items, picking: fields)
        return (0..<split.count).map { element in
            fields.indices.map {
                split.field($0, of: element).map { String(decoding: body[$0], as: UTF8.self) }
            }
        }
    }

    @Test func `elements and fields are ranges of the bytes as they came`() throws {
        let text = #" [ {"Id" : "a\u00e9" , "n":1.50}, {"n": {"x":[1, 2]},"Id":null},{} ] "#
        let body = Array(text.utf8)
        let split = try Scanner.split(body, picking: [["Id"], ["n"]])
        #expect(split.count == 3)
        #expect(String(decoding: body[split.range(0)], as: UTF8.self) == #"{"Id" : "a\u00e9" , "n":1.50}"#)
        #expect(String(decoding: body[split.range(2)], as: UTF8.self) == "{}")
        #expect(
            try picked(text, [["Id"], ["n"]]) == [
                [#""a\u00e9""#, "1.50"], ["null", #"{"x":[1, 2]}"#], [nil, nil],
            ]
        )
    }

    @Test func `of duplicate members the last wins, at every level`() throws {
        let fields: [FieldPath] = [["id"], ["status", "code"], ["status"]]
        #expect(try picked(#"[{"id":1,"id":2}]"#, fields)[0][0] == "2")
        #expect(try picked(#"[{"status":{"code":1,"code":2}}]"#, fields)[0][1] == "2")
        #expect(try picked(#"[{"status":{"code":1},"status":{}}]"#, fields)[0] == [nil, nil, "{}"])
        #expect(try picked(#"[{"status":{"code":1},"status":5}]"#, fields)[0] == [nil, nil, "5"])
        #expect(
            try picked(
                #"{"value":[{"id":1}],"value":[{"id":7},{"id":8}]}"#,
                at: Pointer(tokens: ["value"]),
                fields
            )
            .map { $0[0] } == ["7", "8"]
        )
    }

    @Test func `fields lie at their own depth only`() throws {
        let fields: [FieldPath] = [["id"], ["a", "id"], ["a", "b", "id"], ["a"]]
        let text =
            #"[{"x":{"id":1,"a":{"id":2}},"a":{"b":{"id":3,"c":{"id":4}},"id":5},"y":[{"id":6}],"id":7}]"#
        #expect(try picked(text, fields)[0] == ["7", "5", "3", #"{"b":{"id":3,"c":{"id":4}},"id":5}"#])
        #expect(
            try picked(#"[{"a":[{"id":1,"b":{"id":1}}],"id":[{"a":{"id":3}}]}]"#, fields)[0].prefix(3) == [
                #"[{"a":{"id":3}}]"#, nil, nil,
            ]
        )
    }

    @Test func `names match by meaning, escapes included, and not by their beginning`() throws {
        let fields: [FieldPath] = [["Operation"], ["é"], ["a\"b"], ["OperationName"]]
        let text = #"[{"\u004fperation":1,"\u00e9":2,"a\"b":3,"OperationNamf":4,"Operatiom":5}]"#
        #expect(try picked(text, fields)[0] == ["1", "2", "3", nil])
    }

    @Test func `a short body does not read past its end`() throws {
        #expect(try picked(#"[{"a":1}]"#, [["a"], ["abcdefgh"]])[0] == ["1", nil])
        #expect(try picked(#"[{"abcdefgh":1}]"#, [["a"], ["abcdefgh"]])[0] == [nil, "1"])
    }

    @Test func `a path asked for twice is answered twice`() throws {
        #expect(
            try picked(#"[{"a":{"b":1}},{}]"#, [["a", "b"], ["a", "b"]]) == [["1", "1"], [nil, nil]]
        )
    }

    @Test func `elements may lie below members and indices`() throws {
        let text = #"{"@odata.context":"x","list":[0,{"value":[{"id":1},{"id":2}]}],"rest":[{"id":9}]}"#
        #expect(try picked(text, at: Pointer(tokens: ["list", "1", "value"]), [["id"]]) == [["1"], ["2"]])
        let missing = #expect(throws: Malformed.self) {
            try Scanner.split(Array(text.utf8), at: Pointer(tokens: ["value"]))
        }
        #expect(missing?.reason == .noSuchMember("/value"))
    }

    @Test(arguments: [#"{"error":{"code":"x"}}"#, "\"text\"", "null", "12", "true"])
    func `something else where the array was promised says so`(_ text: String) {
        let failure = #expect(throws: Malformed.self) { try Scanner.split(Array(text.utf8)) }
        #expect(failure?.reason == .notAnArray)
        let inner = #expect(throws: Malformed.self) {
            try Scanner.split(Array(#"{"value":\#(text)}"#.utf8), at: Pointer(tokens: ["value"]))
        }
        #expect(inner?.reason == .notAnArray)
    }

    @Test(arguments: ["\"a\u{1}\":1", "\"a\":\"\u{1}\"", #""\x":1"#, #""a":["\x"]"#])
    func `a defect beside the elements fails the body`(_ member: String) {
        #expect(throws: Malformed.self) {
            try Scanner.split(Array(#"{\#(member),"value":[]}"#.utf8), at: Pointer(tokens: ["value"]))
        }
    }

    @Test func `newlines between tokens are found and left out of a line`() throws {
        let body = Array("[\n{\"a\":1},{\"a\":\r\n[1,\n 2]},\n{\"a\":\"\\n\"}\n]".utf8)
        let split = try Scanner.split(body)
        #expect((0..<3).map { split.hasNewlines($0) } == [false, true, false])
        var line: [UInt8] = []
        Scanner.appendEvent(split.range(1), of: body, to: &line)
        #expect(String(decoding: line, as: UTF8.self) == #"{"a":[1, 2]}"#)
    }

    @Test func `elements that are no objects are set aside`() throws {
        let split = try Scanner.split(Array(#"[{}, 1, "x", [{}], null]"#.utf8))
        #expect((0..<5).map { split.defect($0) } == [nil] + Array(repeating: .notAnObject, count: 4))
    }

    @Test func `fields beside the elements are picked from the whole body`() throws {
        let body = Array(#"{"value":[{"@next":"no"}],"@next":"https://x/?a=1"}"#.utf8)
        let split = try Scanner.pick([["@next"], ["none"]], of: body)
        #expect(split.count == 1)
        #expect(split.field(0, of: 0).flatMap { Scanner.string($0, in: body) } == "https://x/?a=1")
        #expect(split.field(1, of: 0) == nil)
    }

    @Test(
        arguments: [
            (#""a\n\u00e9\ud83d\ude39""#, "a\né😹"), (#""plain é""#, "plain é"), ("-12.50e3", "-12.50e3"),
            ("true", "true"),
            ("null", nil), ("{}", nil), ("[]", nil), (#""""#, ""),
        ] as [(String, String?)]
    )
    func `a raw value is turned into text`(_ raw: String, _ text: String?) {
        let body = Array(raw.utf8)
        #expect(Scanner.string(0..<body.count, in: body) == text)
    }

    @Test func `big numbers, nested JSON and unicode pass byte by byte`() throws {
        let event =
            #"{"Id":9007199254740993123,"amount":1.10,"inner":"{\"a\":[1,\"\\n\"]}","😹\/":"\u00e9é","a":1,"a":2}"#
        let body = Array("[\(event),\(event)]".utf8)
        let split = try Scanner.split(body, picking: [["Id"], ["inner"]])
        var line: [UInt8] = []
        Scanner.appendEvent(split.range(1), of: body, to: &line)
        #expect(String(decoding: line, as: UTF8.self) == event)
        #expect(split.field(0, of: 0).flatMap { Scanner.string($0, in: body) } == "9007199254740993123")
        #expect(split.field(1, of: 1).flatMap { Scanner.string($0, in: body) } == "{\"a\":[1,\"\\n\"]}")
    }
}
