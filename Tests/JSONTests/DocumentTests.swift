// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

@Suite struct DocumentTests {
    private let text = """
        {
          "id": "é",
          "streams": [
            {"id": "a"},
            {"id" : [1, {"deep": true}], "a/b~": "}],"}
          ],
          "last\\u0021": null
        }
        """

    @Test(arguments: [
        ("", 1, 1), ("/id", 2, 9), ("/streams", 3, 14), ("/streams/0", 4, 5), ("/streams/0/id", 4, 12),
        ("/streams/1/id", 5, 13), ("/streams/1/id/1/deep", 5, 26), ("/streams/1/a~1b~0", 5, 42),
        ("/last!", 7, 17),
    ])
    func `every value has its line and column`(_ pointer: String, _ line: Int, _ column: Int) throws {
        let document = try Document(parsing: Array(text.utf8))
        let position = document.position(of: try #require(Pointer(pointer)))
        #expect(position.map { [$0.line, $0.column] } == [line, column])
    }

    @Test(arguments: ["/none", "/streams/2", "/streams/00", "/id/0", "/streams/0/id/x"])
    func `a place that is not there has no position`(_ pointer: String) throws {
        let document = try Document(parsing: Array(text.utf8))
        #expect(document.position(of: try #require(Pointer(pointer))) == nil)
        #expect(document.root[try #require(Pointer(pointer))] == nil)
    }

    @Test func `a member's name has a position of its own`() throws {
        let document = try Document(parsing: Array(text.utf8))
        let position = document.position(ofName: Pointer(tokens: ["streams", "1", "id"]))
        #expect(position.map { [$0.line, $0.column] } == [5, 6])
    }

    @Test(arguments: [
        (#"{"a":1,"a":2}"#, #"line 1, column 8: the member "a" stands here twice"#),
        ("{\n  \"a\": 1,\n}", "line 3, column 1: a comma stands before the closing bracket"),
        ("{\n  \"a\" 1}", "line 2, column 7: a colon was expected after the member's name"),
        ("[1 2]", "line 1, column 4: a comma or the closing bracket was expected here"),
        ("[\"é\", nil]", "line 1, column 7: only true, false and null may stand without quotes"),
        ("[01]", "line 1, column 3: a comma or the closing bracket was expected here"),
        ("", "line 1, column 1: there is no JSON here, only an empty text"),
        ("[1", "line 1, column 3: the text ends in the middle of a value"),
        ("[1]]", "line 1, column 4: there is more text after the end of the value"),
    ])
    func `a mistake is named with its place`(_ text: String, _ sentence: String) {
        let failure = #expect(throws: Malformed.self) { try Document(parsing: Array(text.utf8)) }
        #expect(failure?.description == sentence)
    }

    @Test func `a document may not be larger than its limit`() {
        let failure = #expect(throws: Malformed.self) {
            try Document(parsing: Array("[1234567890]".utf8), limits: Limits(depth: 4, size: 10))
        }
        #expect(failure?.reason == .tooLarge(10))
    }
}

@Suite struct ValueTests {
    @Test func `numbers keep their digits`() throws {
        let text = #"[9007199254740993,18446744073709551616,1.10,-0,1e400,0.1]"#
        let value = try Value(parsing: Array(text.utf8))
        #expect(value.text() == text)
        #expect(value[0]?.int64 == 9_007_199_254_740_993)
        #expect(value[1]?.int64 == nil)
        #expect(value[2]?.doubleValue == 1.1)
        #expect(value[4]?.doubleValue == .infinity)
        #expect(Number(text: "1.") == nil && Number(text: "") == nil && Number(text: "12 ") == nil)
        #expect(Number(text: "-1.5e3")?.double == -1_500)
    }

    @Test func `the writer escapes what it must and nothing else`() {
        let value: Value = [
            "a/b": "\"\\\u{8}\u{9}\u{A}\u{C}\u{D}\u{1}\u{1F}\u{7F}é", "e": [], "o": [:], "n": nil,
        ]
        #expect(
            value.text() == #"{"a/b":"\"\\\b\t\n\f\r\u0001\u001f"# + "\u{7F}é" + #"","e":[],"o":{},"n":null}"#
        )
    }

    @Test func `pretty text has two spaces a level`() {
        let value: Value = ["a": [1, ["b": true]], "c": [:]]
        #expect(
            value.text(pretty: true) == """
                {
                  "a": [
                    1,
                    {
                      "b": true
                    }
                  ],
                  "c": {}
                }
                """
        )
    }

    @Test func `an object keeps its order, and equality does not mind it`() {
        var object = Object([("b", 1), ("a", 2), ("b", 3)])
        #expect(object.keys == ["b", "a"] && object["b"] == 3)
        #expect(object == Object([("a", 2), ("b", 3)]))
        for index in 0..<40 { object["k\(index)"] = .int(index) }
        object["k7"] = Value?.none
        object["a"] = Value?.none
        #expect(
            object.count == 40 && object["k39"] == 39 && object["k7"] == Value?.none && object.keys[1] == "k0"
        )
    }

    @Test(arguments: ["", "/", "/a/0", "/a~1b/~0/~01", "//"])
    func `a pointer reads back as written`(_ text: String) {
        #expect(Pointer(text)?.description == text)
    }

    @Test(arguments: ["a", "/~", "/~2", "#/a"])
    func `a wrong pointer is refused`(_ text: String) {
        #expect(Pointer(text) == nil)
    }
}
