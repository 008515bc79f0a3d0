// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

/// A text and what every conforming reader makes of it, after the grammar of RFC 8259.
struct Conformance: Sendable, CustomTestStringConvertible {
    let what: String
    let bytes: [UInt8]

    init(_ what: String, _ text: String) { (self.what, bytes) = (what, Array(text.utf8)) }
    init(_ what: String, _ bytes: [UInt8]) { (self.what, self.bytes) = (what, bytes) }

    var testDescription: String { what }

    static let accepted: [Conformance] = [
        .init("spaces in an array", "[[]   ]"), .init("empty string in an array", #"[""]"#),
        .init("empty array", "[]"), .init("empty array with a space", "[ ]"),
        .init("array ending with a newline", "[\"a\"]\n"), .init("false", "[false]"),
        .init("heterogeneous", "[null, 1, \"1\", {}]"), .init("null", "[null]"),
        .init("leading space", " [1]"), .init("several nulls", "[1,null,null,null,2]"),
        .init("trailing space", "[2] "), .init("spaces everywhere", "\r\n\t [ \t1\n,\r2 ] \n"),
        .init("number 0e+1", "[0e+1]"), .init("number 0e1", "[0e1]"), .init("number after space", "[ 4]"),
        .init(
            "number close to zero",
            "[-0.0000000000000000000000000000000000000000000000000000000000000000001]"
        ),
        .init("negative int", "[-123]"), .init("negative one", "[-1]"), .init("negative zero", "[-0]"),
        .init("zero", "[0]"), .init("real capital e", "[1E22]"), .init("real capital e minus", "[1E-2]"),
        .init("real capital e plus", "[1E+2]"), .init("real exponent", "[123e45]"),
        .init("real fraction exponent", "[123.456e78]"), .init("real neg exp", "[1e-2]"),
        .init("real pos exp", "[1e+2]"), .init("simple int", "[123]"), .init("simple real", "[123.456789]"),
        .init("huge exponent", "[1e4000000]"), .init("big int", "[100000000000000000000]"),
        .init("many digits", "[0." + String(repeating: "3", count: 400) + "]"),
        .init("object", #"[{"asd":"sdf", "dfg":"fgh"}]"#),
        .init("object duplicated key", #"[{"a":"b","a":"c"}]"#),
        .init("object duplicated member", #"[{"a":"b","a":"b"}]"#), .init("empty object", "[{}]"),
        .init("empty key", #"[{"":0}]"#), .init("escaped null in key", #"[{"foo\u0000bar": 42}]"#),
        .init("extreme numbers", #"[{ "min": -1.0e+28, "max": 1.0e+28 }]"#),
        .init("object with newlines", "[{\n\"a\": \"b\"\n}]"),
        .init("escaped unicode", #"["\u0060\u012a\u12AB"]"#), .init("surrogate pair", #"["\uD801\udc37"]"#),
        .init("two surrogate pairs", #"["\ud83d\ude39\ud83d\udc8d"]"#),
        .init("allowed escapes", #"["\"\\\/\b\f\n\r\t"]"#), .init("backslash and u escaped", #"["\\u0000"]"#),
        .init("double escape a", #"["\\a"]"#), .init("double escape n", #"["\\n"]"#),
        .init("escaped control character", #"["\u0012"]"#), .init("escaped noncharacter", #"["\uFFFF"]"#),
        .init("escaped noncharacter U+10FFFE", #"["\uDBFF\uDFFE"]"#),
        .init("comments in a string", #"["a/*b*/c/*d//e"]"#),
        .init("noncharacter U+10FFFF", [0x5B, 0x22, 0xF4, 0x8F, 0xBF, 0xBF, 0x22, 0x5D]),
        .init("noncharacter U+FFFF", [0x5B, 0x22, 0xEF, 0xBF, 0xBF, 0x22, 0x5D]),
        .init("line separator U+2028", "[\"\u{2028}\"]"), .init("paragraph separator", "[\"\u{2029}\"]"),
        .init("pi", "[\"π\"]"), .init("DEL", "[\"\u{7F}\"]"), .init("null escape", #"["\u0000"]"#),
        .init("one byte UTF-8", #"["\u002c"]"#), .init("two bytes", "[\"ģ\"]"),
        .init("three bytes", "[\"\u{800}\u{FFFD}\"]"),
        .init("four bytes", "[\"\u{10000}\u{10FFFD}\"]"), .init("space in a string", #"[" "]"#),
        .init("string over word ends", #"["1234567","12345678","123456789","1234567\"","éé345678é"]"#),
        .init("nested", "[" + String(repeating: "[", count: 60) + String(repeating: "]", count: 60) + "]"),
    ]

    static let refused: [Conformance] = [
        .init("nothing", ""), .init("a space", " "), .init("one bracket", "["), .init("closing bracket", "]"),
        .init("two values", "[1 true]"), .init("a without quotes", "[a]"),
        .init("colon for comma", "[\"\": 1]"),
        .init("comma after close", "[\"\"],"), .init("comma and number", "[,1]"),
        .init("double comma", "[1,,2]"),
        .init("double extra comma", "[\"x\",,]"), .init("extra close", "[\"x\"]]"),
        .init("extra comma", "[\"\",]"),
        .init("incomplete", "[\"x\""), .init("inner array without comma", "[3[4]]"),
        .init("just comma", "[,]"),
        .init("just minus", "[-]"), .init("missing value", "[   , \"\"]"),
        .init("newlines unclosed", "[\"a\",\n4\n,1,"),
        .init("number and comma", "[1,]"), .init("number and several commas", "[1,,]"),
        .init("star inside", "[*]"),
        .init("unclosed", "[1,"), .init("incomplete false", "[fals]"), .init("incomplete null", "[nul]"),
        .init("incomplete true", "[tru]"), .init("capital true", "[True]"), .init("TRUE", "[TRUE]"),
        .init("trues", "[truee]"), .init("truncated literal", "[nul"),
        .init("plus plus", "[++1234]"), .init("plus one", "[+1]"), .init("plus Inf", "[+Inf]"),
        .init("minus 01", "[-01]"),
        .init("-1.0.", "[-1.0.]"), .init("-2.", "[-2.]"), .init("-NaN", "[-NaN]"), .init(".-1", "[.-1]"),
        .init(".2e-3", "[.2e-3]"), .init("0.1.2", "[0.1.2]"), .init("0.3e+", "[0.3e+]"),
        .init("0.3e", "[0.3e]"),
        .init("0.e1", "[0.e1]"), .init("0E+", "[0E+]"), .init("0E", "[0E]"), .init("1.0e+", "[1.0e+]"),
        .init("1.0e-", "[1.0e-]"), .init("1 000.0", "[1 000.0]"), .init("1eE2", "[1eE2]"),
        .init("2.e+3", "[2.e+3]"),
        .init("9.e+", "[9.e+]"), .init("Inf", "[Inf]"), .init("NaN", "[NaN]"),
        .init("full-width digit", "[１]"),
        .init("expression", "[1+2]"), .init("hex one digit", "[0x1]"), .init("hex two digits", "[0x42]"),
        .init("Infinity", "[Infinity]"), .init("-Infinity", "[-Infinity]"), .init("-foo", "[-foo]"),
        .init("- 1", "[- 1]"),
        .init("-012", "[-012]"), .init("-.123", "[-.123]"), .init("-1x", "[-1x]"), .init("1ea", "[1ea]"),
        .init("1.", "[1.]"), .init(".123", "[.123]"), .init("1.2a-3", "[1.2a-3]"),
        .init("leading zero", "[012]"),
        .init("truncated exponent at the end", "[1e"), .init("number at the end", "[1"),
        .init("bad value in object", #"[{"x": truth}]"#), .init("bracket key", "[{[: \"x\"}]"),
        .init("comma instead of colon", #"[{"x", null}]"#), .init("double colon", #"[{"x"::"b"}]"#),
        .init("garbage at end", #"[{"a":"a" 123}]"#), .init("missing colon", #"[{"a" b}]"#),
        .init("missing key", #"[{:"b"}]"#),
        .init("missing semicolon", #"[{"a" "b"}]"#), .init("missing value in object", #"[{"a":"#),
        .init("no colon", #"[{"a"#), .init("key without quotes", "[{a: \"b\"}]"),
        .init("key with single quotes", "[{'a':0}]"),
        .init("number key", "[{1:1}]"), .init("several trailing commas", #"[{"id":0,,,,,}]"#),
        .init("trailing comma in object", #"[{"id":0,}]"#), .init("trailing comment", #"[{"a":"b"}/**/]"#),
        .init("two commas", #"[{"a":"b",,"c":"d"}]"#), .init("unquoted value", #"[{"a":b}]"#),
        .init("unterminated value", #"[{"a":"a"#), .init("literal key", "[{true:1}]"),
        .init("wrong closing", "[{\"a\":1]]"),
        .init("wrong closing of array", "[[1}]"), .init("single space object", "[{ ]"),
        .init("lone comma", "[{,}]"),
        .init("escape cut off", #"["\"#), .init("escape u cut off", #"["\u00"#),
        .init("string unclosed", #"["a"#),
        .init("single quotes", "['a']"), .init("accent", "[é]"), .init("escaped outside", #"[\u000A""]"#),
        .init("trailing hash", "[\"a\"]#"), .init("trailing x", "[1]x"), .init("angle brackets", "[<null>]"),
        .init("open object", "[{"), .init("open object and quote", "[{\""),
        .init("array of open objects", "[{\"\":[{\"\":"),
        .init("form feed", "[\u{0C}]"), .init("vertical tab", "[\u{0B}1]"),
        .init("word joiner", "[\u{2060}]"),
        .init("non-breaking space", "[\u{A0}1]"), .init("NUL outside", [0x5B, 0x00, 0x5D]),
        .init("lone byte outside", [0x5B, 0xE5, 0x5D]), .init("half a BOM", [0xEF, 0xBB, 0x5B, 0x5D]),
        .init("UTF-16", [0xFF, 0xFE, 0x5B, 0x00, 0x5D, 0x00]),
        .init("depth 10,000", String(repeating: "[", count: 10_000)),
        .init(
            "depth 10,000 closed",
            String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000)
        ),
        .init("depth 10,000 of objects", String(repeating: "[{\"\":", count: 10_000)),
    ]

    /// Not JSON, but the structure around it is sure: the scanner sets such an element aside.
    static let defective: [(Conformance, Split.Defect)] = [
        (.init("raw newline", "[{\"a\":\"x\ny\"}]"), .controlCharacter),
        (.init("raw tab", "[{\"a\":\"x\ty\"}]"), .controlCharacter),
        (
            .init("raw NUL", [0x5B, 0x7B, 0x22, 0x61, 0x22, 0x3A, 0x22, 0x00, 0x22, 0x7D, 0x5D]),
            .controlCharacter
        ),
        (.init("raw newline in a name", "[{\"a\n\":1}]"), .controlCharacter),
        (.init("unknown escape", #"[{"a":"\x00"}]"#), .badEscape),
        (.init("escape a", #"[{"a":"\a"}]"#), .badEscape),
        (.init("escaped emoji", #"[{"a":"\🌀"}]"#), .badEscape),
        (.init("\\u with 3 digits", #"[{"a":"\u00A"}]"#), .badEscape),
        (.init("\\u with g", #"[{"a":"\u00Ag"}]"#), .badEscape),
        (.init("\\U", #"[{"a":"\UA66D"}]"#), .badEscape),
        (broken([0xFF]), .invalidUTF8), (broken([0xC0, 0xAF]), .invalidUTF8),
        (broken([0xE0, 0x80, 0xAF]), .invalidUTF8),
        (broken([0xED, 0xA0, 0x80]), .invalidUTF8), (broken([0xF4, 0xBF, 0xBF, 0xBF]), .invalidUTF8),
        (broken([0x81]), .invalidUTF8), (broken([0xE9]), .invalidUTF8),
        (broken([0xE6, 0x97, 0xA5, 0xD1]), .invalidUTF8),
        (broken([0xFC, 0x83, 0xBF, 0xBF, 0xBF, 0xBF]), .invalidUTF8),
        (broken([0xF0, 0x8F, 0xBF, 0xBF]), .invalidUTF8),
    ]

    private static func broken(_ bytes: [UInt8]) -> Conformance {
        .init("bytes \(bytes)", Array(#"[{"a":"x"#.utf8) + bytes + Array(#""}]"#.utf8))
    }
}

@Suite struct ConformanceTests {
    @Test(arguments: Conformance.accepted)
    func `a conforming text is taken by scanner and readers`(_ text: Conformance) throws {
        let split = try Scanner.split(text.bytes)
        #expect(
            (0..<split.count).allSatisfy {
                ![.invalidUTF8, .controlCharacter, .badEscape].contains(split.defect($0))
            }
        )
        let value = try Value(parsing: text.bytes)
        #expect(value.arrayValue?.count == split.count)
        if !text.what.contains("duplicated") {
            #expect(try Document(parsing: text.bytes).root == value)
        }
        #expect(try Value(parsing: value.bytes()) == value)
        #expect(try Value(parsing: value.bytes(pretty: true)) == value)
    }

    @Test(arguments: Conformance.refused)
    func `a text that is not JSON is refused by scanner and readers`(_ text: Conformance) {
        #expect(throws: Malformed.self) { try Scanner.split(text.bytes) }
        #expect(throws: Malformed.self) { try Value(parsing: text.bytes) }
        #expect(throws: Malformed.self) { try Document(parsing: text.bytes) }
    }

    @Test(arguments: Conformance.defective)
    func `a defect inside strings sets one element aside and spares its siblings`(
        _ text: Conformance,
        _ defect: Split.Defect
    ) throws {
        let body = Array(#"[{"n":1},"#.utf8) + text.bytes[1...].dropLast() + Array(#",{"n":2}]"#.utf8)
        let split = try Scanner.split(body, picking: [["n"]])
        #expect(split.count == 3)
        #expect((0..<3).map { split.defect($0) } == [nil, defect, nil])
        #expect(!split.isFlawless)
        #expect(split.field(0, of: 2).map { Array(body[$0]) } == Array("2".utf8))
        #expect(throws: Malformed.self) { try Value(parsing: text.bytes) }
        #expect(throws: Malformed.self) { try Document(parsing: text.bytes) }
    }

    @Test(arguments: [
        #"["\uD800"]"#, #"["\uDC00"]"#, #"["\uD800\uD800\n"]"#, #"["\uD83D\u0061"]"#, #"["\uDd1e\uD834"]"#,
        #"["\uD888\u1234"]"#,
    ])
    func `half a surrogate pair passes the scanner, is mended in answers and refused in documents`(
        _ text: String
    ) throws {
        let bytes = Array(text.utf8)
        let split = try Scanner.split(bytes)
        #expect(split.defect(0) == .notAnObject)
        #expect(try Value(parsing: bytes)[0]?.stringValue?.contains("\u{FFFD}") == true)
        #expect(throws: Malformed.self) { try Document(parsing: bytes) }
    }

    @Test func `a leading byte order mark is passed over in bodies and refused in documents`() throws {
        let bytes = [0xEF, 0xBB, 0xBF] + Array(#"[{"a":1}]"#.utf8)
        #expect(try Scanner.split(bytes).count == 1)
        #expect(try Value(parsing: bytes)[0]?["a"] == 1)
        let failure = #expect(throws: Malformed.self) { try Document(parsing: bytes) }
        #expect(failure?.reason == .byteOrderMark)
    }

    @Test func `nesting ends at the limit with an error`() throws {
        func nested(_ depth: Int) -> [UInt8] {
            Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
        }
        _ = try Scanner.split(nested(512))
        let failure = #expect(throws: Malformed.self) { try Scanner.split(nested(513)) }
        #expect(failure?.reason == .tooDeep(512))
        _ = try Document(parsing: nested(64))
        #expect(throws: Malformed.self) { try Document(parsing: nested(65)) }
        _ = try Value(parsing: nested(256))
        #expect(throws: Malformed.self) { try Value(parsing: nested(257)) }
    }
}
