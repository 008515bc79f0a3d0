// SPDX-License-Identifier: Apache-2.0

extension Value {
    /// The value as JSON; `pretty` puts every member on a line of its own, two spaces a level.
    package func bytes(pretty: Bool = false) -> [UInt8] {
        var out: [UInt8] = []
        append(to: &out, pretty: pretty)
        return out
    }

    /// The value as JSON text.
    package func text(pretty: Bool = false) -> String {
        String(decoding: bytes(pretty: pretty), as: UTF8.self)
    }

    /// Appends the value as JSON to `out`.
    package func append(to out: inout [UInt8], pretty: Bool = false) { write(to: &out, pretty ? 0 : nil) }

    /// Appends `text` as a JSON string, escaping only what must be.
    package static func append(_ text: String, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                out.append(UInt8(ascii: "\\"))
                out.append(byte)
            case 0x20...: out.append(byte)
            default: escape(byte, to: &out)
            }
        }
        out.append(UInt8(ascii: "\""))
    }

    private static func escape(_ byte: UInt8, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\\"))
        switch byte {
        case 0x08: out.append(UInt8(ascii: "b"))
        case 0x09: out.append(UInt8(ascii: "t"))
        case 0x0A: out.append(UInt8(ascii: "n"))
        case 0x0C: out.append(UInt8(ascii: "f"))
        case 0x0D: out.append(UInt8(ascii: "r"))
        default:
            let digits = Array("0123456789abcdef".utf8)
            out.append(contentsOf: "u00".utf8)
            out.append(digits[Int(byte >> 4)])
            out.append(digits[Int(byte & 15)])
        }
    }

    private func write(to out: inout [UInt8], _ level: Int?) {
        switch self {
        case .null: out.append(contentsOf: "null".utf8)
        case .bool(let truth): out.append(contentsOf: (truth ? "true" : "false").utf8)
        case .number(let number): out.append(contentsOf: number.text.utf8)
        case .string(let text): Value.append(text, to: &out)
        case .array(let elements):
            Self.enclose("[", "]", elements, &out, level) { element, out, level in
                element.write(to: &out, level)
            }
        case .object(let object):
            Self.enclose("{", "}", object.members, &out, level) { member, out, level in
                Value.append(member.key, to: &out)
                out.append(contentsOf: (level == nil ? ":" : ": ").utf8)
                member.value.write(to: &out, level)
            }
        }
    }

    private static func enclose<Item>(
        _ open: Unicode.Scalar,
        _ close: Unicode.Scalar,
        _ items: [Item],
        _ out: inout [UInt8],
        _ level: Int?,
        _ write: (Item, inout [UInt8], Int?) -> Void
    ) {
        out.append(UInt8(ascii: open))
        for (index, item) in items.enumerated() {
            if index > 0 { out.append(UInt8(ascii: ",")) }
            if let level { breakLine(&out, level + 1) }
            write(item, &out, level.map { $0 + 1 })
        }
        if let level, !items.isEmpty { breakLine(&out, level) }
        out.append(UInt8(ascii: close))
    }

    private static func breakLine(_ out: inout [UInt8], _ level: Int) {
        out.append(UInt8(ascii: "\n"))
        out.append(contentsOf: repeatElement(UInt8(ascii: " "), count: level * 2))
    }
}
