// SPDX-License-Identifier: Apache-2.0

/// One request as it came.
package struct Request: Sendable {
    package let method: String
    /// The path as sent, nothing decoded; the whole URL where the client took us for a proxy.
    package let path: String
    /// The query as sent, without its `?`; empty where there is none.
    package let rawQuery: String
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]

    /// Makes a request as if it had come.
    package init(
        method: String,
        path: String,
        rawQuery: String = "",
        headers: [(name: String, value: String)] = [],
        body: [UInt8] = []
    ) {
        self.method = method
        self.path = path
        self.rawQuery = rawQuery
        self.headers = headers
        self.body = body
    }

    /// The query's names and values, percent-encoding and `+` decoded, in order.
    package var query: [(name: String, value: String)] { Self.pairs(rawQuery) }

    /// The body of a form (`application/x-www-form-urlencoded`) as names and values.
    package var form: [(name: String, value: String)] { Self.pairs(String(decoding: body, as: UTF8.self)) }

    /// The first field called `name`, upper and lower case being the same.
    package func header(_ name: String) -> String? {
        let wanted = name.lowercased()
        return headers.first { $0.name.lowercased() == wanted }?.value
    }

    /// The first value of `name` in the query.
    package func query(_ name: String) -> String? { query.first { $0.name == name }?.value }

    private static func pairs(_ text: String) -> [(name: String, value: String)] {
        text.split(separator: "&").map { pair in
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (decoded(halves[0]), halves.count > 1 ? decoded(halves[1]) : "")
        }
    }

    /// `text` with `%XX` and `+` undone; a percent sign that starts no escape stays.
    package static func decoded(_ text: some StringProtocol) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(0x20)
            case UInt8(ascii: "%"):
                if rest.count >= 2,
                    let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
                {
                    bytes.append(value)
                    rest = rest.dropFirst(2)
                } else {
                    bytes.append(byte)
                }
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
