// SPDX-License-Identifier: Apache-2.0

/// The name in a request's `Host`, without its port (RFC 9110, 7.2).
struct HostName: Equatable {
    let name: String

    /// Reads the field; `nil` where it is none.
    init?(_ field: String) {
        if field.hasPrefix("[") {
            guard let end = field.firstIndex(of: "]") else { return nil }
            let inner = String(field[field.index(after: field.startIndex)..<end])
            guard Self.isIPv6(inner), Self.isPort(field[field.index(after: end)...]) else { return nil }
            name = inner.lowercased()
        } else {
            let colon = field.firstIndex(of: ":") ?? field.endIndex
            guard colon != field.startIndex, Self.isPort(field[colon...]) else { return nil }
            let allowed = field[..<colon].utf8.allSatisfy { byte in
                byte < 0x80 && (Unicode.Scalar(byte).properties.isAlphabetic || (0x30...0x39).contains(byte))
                    || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
            }
            guard allowed else { return nil }
            name = field[..<colon].lowercased()
        }
    }

    /// Whether it is a number, which nobody's name server can lead elsewhere.
    var isNumeric: Bool { Self.isIPv4(name) || Self.isIPv6(name) }

    static func isIPv4(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                !part.isEmpty && part.count <= 3 && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
                    && (Int(part) ?? 256) < 256
            }
    }

    static func isIPv6(_ text: String) -> Bool {
        text.contains(":") && text.count <= 45
            && text.utf8.allSatisfy { byte in
                byte < 0x80 && Unicode.Scalar(byte).properties.isASCIIHexDigit || byte == UInt8(ascii: ":")
                    || byte == UInt8(ascii: ".")
            }
    }

    private static func isPort(_ text: Substring) -> Bool {
        text.isEmpty || text.first == ":" && text.dropFirst().allSatisfy(\.isNumber) && text.count <= 6
    }
}
