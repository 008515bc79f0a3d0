// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

/// What is looked at many bytes at a time, against a walk that goes byte by byte.
@Suite struct BoundaryTests {
    private static let fields: [FieldPath] = [
        ["a"], ["b", "a"], ["eight888"], ["nine99999"], ["sixteen616161616"], ["seventeen17171717"],
        ["a name that is longer than sixty-four bytes, which is where its length no longer fits"], ["é"],
    ]

    /// What may stand in a string, well-formed or not.
    private static let units: [[UInt8]] =
        [
            #"\""#, #"\\"#, #"\/"#, #"\n"#, #"\u00e9"#, #"\uD83D\uDE39"#, #"\x"#, #"\u12"#, "é", "漢", "😹",
            "\u{7F}", "\u{80}",
            "\u{7FF}", "\u{800}", "\u{FFFF}", "\u{10000}", "\u{10FFFF}", "\u{1}", "\u{1F}", " ", "\n",
            "{}[],:",
        ].map { Array($0.utf8) } + [
            [0x80], [0xBF], [0xC0, 0xAF], [0xC3], [0xE0, 0x80, 0xAF], [0xE6, 0x97], [0xED, 0xA0, 0x80],
            [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x9F, 0x98], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80],
            [0xFF],
        ]

    /// What the scanner says, in the words of the reference.
    private func scanned(_ body: [UInt8]) -> [ReferenceWalk.Element]? {
        guard let split = try? Scanner.split(body, picking: Self.fields) else { return nil }
        return (0..<split.count).map { element in
            ReferenceWalk.Element(
                range: split.range(element),
                defect: split.defect(element),
                hasNewlines: split.hasNewlines(element),
                fields: Self.fields.indices.map { split.field($0, of: element) }
            )
        }
    }

    private func expectAgreement(_ body: [UInt8], _ location: SourceLocation = #_sourceLocation) {
        let expected = try? ReferenceWalk.split(body, picking: Self.fields)
        guard scanned(body) != expected else { return }
        Issue.record(
            "the scanner and the reference differ over \(String(reflecting: String(decoding: body, as: UTF8.self)))",
            sourceLocation: location
        )
    }

    @Test func `every byte is told from plain ones at every place`() {
        for byte in UInt8.min...UInt8.max {
            let isPlain = 0x20..<0x80 ~= byte && byte != 0x22 && byte != 0x5C
            for place in 0..<Plain.width {
                // What follows a hit must not matter, nor what precedes the bytes.
                var bytes = [UInt8](repeating: UInt8(ascii: "\""), count: 1 + Plain.width)
                for offset in 1...place + 1 { bytes[offset] = 0x20 + UInt8(offset & 1) }
                bytes[1 + place] = byte
                let run = isPlain ? place + 1 : place
                bytes.withUnsafeBytes { bytes in
                    guard let start = bytes.baseAddress else { return }
                    #expect(Plain.run(start + 1) == run)
                    #expect(Plain.portableRun(start + 1) == run)
                }
            }
        }
    }

    @Test(arguments: units)
    func `a unit at every place of a string, as value and as name`(_ unit: [UInt8]) {
        for before in Array(0...1) + Array(24...33) + Array(60...64) {
            let string = [0x22] + [UInt8](repeating: 0x61, count: before) + unit
            for after in [0, 32] {
                let whole = string + [UInt8](repeating: 0x62, count: after) + [0x22]
                expectAgreement(Array(#"[{"a":"#.utf8) + whole + Array(#","b":{"a":1}},{"a":2}]"#.utf8))
                expectAgreement(Array(#"[{"#.utf8) + whole + Array(#":0,"a":1,"seventeen17171717":2}]"#.utf8))
            }
            // Cut off within or behind the string.
            expectAgreement(Array("[".utf8) + string)
            expectAgreement(Array("[".utf8) + string + [0x22])
        }
    }

    @Test func `names of every length are found, and only they`() throws {
        let letters = (0..<80).map { UInt8(ascii: "b") + UInt8($0 % 24) }
        for length in Array(0...18) + Array(62...67) + [letters.count] {
            let name = Array(letters.prefix(length))
            for wrong in [nil] + [0, 7, 8, length - 9, length - 8, length - 1].filter(name.indices.contains) {
                var written = name
                if let wrong { written[wrong] ^= 1 }
                // An escape further ahead must not change how the name is compared.
                let body = Array(#"[{"x":"\n",""#.utf8) + written + Array(#"":7}]"#.utf8)
                let split = try Scanner.split(body, picking: [[String(decoding: name, as: UTF8.self)]])
                #expect(
                    (split.field(0, of: 0) != nil) == (wrong == nil),
                    "\(length) bytes, wrong at \(wrong ?? -1)"
                )
            }
        }
    }

    @Test func `brackets keep their kinds at every depth`() {
        for depth in [1, 2, 62, 63, 64, 65, 127, 128, 129, 200, 510] {
            var random = Seeded(state: UInt64(depth))
            let kinds = (0..<depth).map { _ in Bool.random(using: &random) }
            let open = kinds.map { $0 ? #"{"a":"# : "[" }.joined()
            let close = kinds.reversed().map { $0 ? #","b":0}"# : ",0]" }
            expectAgreement(Array("[\(open)1\(close.joined()),{\"a\":1}]".utf8))
            for wrong in [0, depth / 2, depth - 1] {
                var closing = close
                closing[wrong] = closing[wrong].hasSuffix("]") ? ",0}" : ",0]"
                expectAgreement(Array("[\(open)1\(closing.joined())]".utf8))
            }
        }
    }

    @Test(arguments: 0..<40)
    func `random bodies, whole and damaged, are read as the reference reads them`(_ seed: UInt64) {
        var random = Seeded(state: seed &+ 77_000)
        for _ in 0..<6 {
            var writer = BodyWriter(random: random, names: Self.fields.flatMap(\.names), units: Self.units)
            let body = writer.body()
            random = writer.random
            expectAgreement(body)
            for _ in 0..<5 {
                var damaged = body
                let place = Int.random(in: 0..<damaged.count, using: &random)
                switch Int.random(in: 0...3, using: &random) {
                case 0: damaged.remove(at: place)
                case 1: damaged[place] = UInt8.random(in: .min ... .max, using: &random)
                case 2: damaged.insert(contentsOf: Self.units.randomElement(using: &random) ?? [], at: place)
                default: damaged.removeLast(damaged.count - place)
                }
                expectAgreement(damaged)
            }
        }
    }
}

/// Writes random bodies whose strings, numbers and spaces are as long as to cross any boundary.
private struct BodyWriter {
    var random: Seeded
    let names: [String]
    let units: [[UInt8]]
    private var bytes: [UInt8] = []

    init(random: Seeded, names: [String], units: [[UInt8]]) {
        self.random = random
        self.names = names
        self.units = units
    }

    mutating func body() -> [UInt8] {
        bytes = []
        list("[", "]", Int.random(in: 0...6, using: &random)) { writer in
            writer.list("{", "}", Int.random(in: 0...12, using: &writer.random)) { $0.member(depth: 1) }
        }
        return bytes
    }

    private mutating func list(
        _ open: Unicode.Scalar,
        _ close: Unicode.Scalar,
        _ count: Int,
        each: (inout Self) -> Void
    ) {
        bytes.append(UInt8(ascii: open))
        space()
        for index in 0..<count {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            space()
            each(&self)
            space()
        }
        bytes.append(UInt8(ascii: close))
    }

    private mutating func member(depth: Int) {
        if Int.random(in: 0...2, using: &random) == 0 {
            string(Int.random(in: 0...40, using: &random))
        } else {
            bytes += [0x22] + Array((names.randomElement(using: &random) ?? "a").utf8) + [0x22]
        }
        space()
        bytes.append(UInt8(ascii: ":"))
        space()
        value(depth: depth + 1)
    }

    private mutating func value(depth: Int) {
        switch Int.random(in: 0...(depth < 4 ? 9 : 6), using: &random) {
        case 0: bytes += Array((["true", "false", "null"].randomElement(using: &random) ?? "null").utf8)
        case 1: bytes += Array(String(Int64.random(in: .min ... .max, using: &random)).utf8)
        case 2: bytes += Array("-0.\(UInt64.random(in: .min ... .max, using: &random))E+17".utf8)
        case 3...6: string(Int.random(in: 0...100, using: &random))
        case 7: list("[", "]", Int.random(in: 0...4, using: &random)) { $0.value(depth: depth + 1) }
        default: list("{", "}", Int.random(in: 0...4, using: &random)) { $0.member(depth: depth + 1) }
        }
    }

    private mutating func string(_ length: Int) {
        bytes.append(0x22)
        for _ in 0..<length {
            // Mostly plain, so that runs are long; rarely ill-formed, so that elements without a defect remain.
            switch Int.random(in: 0...60, using: &random) {
            case 0...2: bytes += units[Int.random(in: 0..<6, using: &random)]
            case 3...4: bytes += units[Int.random(in: 8..<18, using: &random)]
            case 5 where Int.random(in: 0...9, using: &random) == 0:
                bytes += units.randomElement(using: &random) ?? []
            default: bytes.append(UInt8.random(in: 0x61...0x7A, using: &random))
            }
        }
        bytes.append(0x22)
    }

    private mutating func space() {
        guard Int.random(in: 0...3, using: &random) == 0 else { return }
        for _ in 0..<Int.random(in: 1...40, using: &random) {
            bytes.append([0x20, 0x20, 0x20, 0x09, 0x0A, 0x0D].randomElement(using: &random) ?? 0x20)
        }
    }
}
