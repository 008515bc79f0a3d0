// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

/// A small generator whose numbers a seed decides (SplitMix64).
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

@Suite struct PropertyTests {
    private static let alphabet = Array(
        "abcdefgh \"\\/\n\r\t\u{1}\u{7F}éπ\u{2028}😹漢\u{FFFF}{}[],:".unicodeScalars
    )

    private func text(_ random: inout Seeded) -> String {
        var out = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...20, using: &random) {
            out.append(Self.alphabet.randomElement(using: &random) ?? "a")
        }
        return String(out)
    }

    private func value(_ random: inout Seeded, depth: Int = 0) -> Value {
        switch Int.random(in: 0...(depth < 4 ? 8 : 5), using: &random) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &random))
        case 2: return .int(Int64.random(in: .min ... .max, using: &random))
        case 3: return .number(Number(Double.random(in: -1e9...1e9, using: &random)) ?? Number(0))
        case 4, 5: return .string(text(&random))
        case 6:
            return .array(
                (0..<Int.random(in: 0...5, using: &random)).map { _ in value(&random, depth: depth + 1) }
            )
        default:
            var object = Object()
            for _ in 0..<Int.random(in: 0...20, using: &random) {
                object[text(&random)] = value(&random, depth: depth + 1)
            }
            return .object(object)
        }
    }

    @Test(arguments: 0..<40)
    func `random values come back as they went out`(_ seed: UInt64) throws {
        var random = Seeded(state: seed)
        for _ in 0..<8 {
            let value = value(&random)
            #expect(try Value(parsing: value.bytes()) == value)
            #expect(try Document(parsing: value.bytes(pretty: true)).root == value)
            let body = Value.array([value, value]).bytes()
            let split = try Scanner.split(body)
            #expect(Array(body[split.range(1)]) == value.bytes())
        }
    }

    @Test(arguments: 0..<20)
    func `the scanner picks what the tree holds`(_ seed: UInt64) throws {
        var random = Seeded(state: seed)
        for _ in 0..<8 {
            let events = (0..<5).map { _ in
                Object(
                    (0..<12).map { _ in
                        (String(Self.alphabet[Int.random(in: 0..<8, using: &random)]), value(&random))
                    }
                )
            }
            let pretty = Bool.random(using: &random)
            let body = Value.array(events.map { .object($0) }).bytes(pretty: pretty)
            let names = ["a", "b", "c", "d", "zz"]
            let fields = names.map { FieldPath([$0]) } + names.map { FieldPath(["a", $0]) }
            let split = try Scanner.split(body, picking: fields)
            for (element, event) in events.enumerated() {
                for (field, path) in fields.enumerated() {
                    let expected = Value.object(event)[Pointer(tokens: path.names)]
                    let isIndexed = path.names.count > 1 && event["a"]?.objectValue == nil
                    let found = split.field(field, of: element).flatMap { Scanner.value($0, in: body) }
                    #expect(found == (isIndexed ? nil : expected))
                }
            }
        }
    }

    @Test(arguments: 0..<40)
    func `random mutations never crash, and scanner and reader agree`(_ seed: UInt64) {
        var random = Seeded(state: seed &+ 1_000)
        let interesting = Array("{}[],:\"\\u0eE+-.tfn \n".utf8) + [0x00, 0x80, 0xC3, 0xED, 0xF4, 0xFF]
        for _ in 0..<60 {
            var body = Value.array([value(&random), value(&random)]).bytes()
            for _ in 0..<Int.random(in: 1...3, using: &random) where !body.isEmpty {
                let place = Int.random(in: 0..<body.count, using: &random)
                switch Int.random(in: 0...3, using: &random) {
                case 0: body.remove(at: place)
                case 1: body[place] = interesting.randomElement(using: &random) ?? 0
                case 2: body.insert(interesting.randomElement(using: &random) ?? 0, at: place)
                default: body.removeLast(body.count - place)
                }
            }
            let split = try? Scanner.split(body, picking: [["a"], ["b", "c"]])
            let tree = try? Value(parsing: body)
            let textual: [Split.Defect?] = [.invalidUTF8, .controlCharacter, .badEscape]
            let clean = split.map { split in
                (0..<split.count).allSatisfy { !textual.contains(split.defect($0)) }
            }
            #expect((clean == true) == (tree?.arrayValue != nil))
            for element in 0..<(split?.count ?? 0) {
                #expect(split.map { body.indices.contains($0.range(element).lowerBound) } == true)
            }
            _ = try? Document(parsing: body)
        }
    }
}
