// SPDX-License-Identifier: Apache-2.0
import Basics
import Crypto

/// What an opaque page token tells the service that made it.
struct PageMark: Sendable {
    /// Which page it leads to, the first being 1.
    var page: Int
    /// Behind which item the page begins; its index alone where pages are counted by items.
    var place: Item.Place
    /// When it was made, in seconds.
    var issued: Int64

    init(page: Int, place: Item.Place, issued: Timestamp) {
        self.page = page
        self.place = place
        self.issued = issued.seconds
    }

    /// Reads a token made with `key`; `nil` for any other text.
    init?(_ text: String, key: [UInt8]) {
        guard let bytes = Base64.decode(text) else { return nil }
        let parts = String(decoding: bytes, as: UTF8.self).split(separator: ".")
        guard parts.count == 5, let page = Int(parts[0]), let instant = Int64(parts[1]),
            let index = Int(parts[2]), let issued = Int64(parts[3]),
            parts[4] == Self.seal(parts[0..<4].joined(separator: "."), key)
        else { return nil }
        self.page = page
        place = Item.Place(instant: Timestamp(nanoseconds: instant), index: index)
        self.issued = issued
    }

    /// The token.
    func text(key: [UInt8]) -> String {
        let told = "\(page).\(place.instant.nanoseconds).\(place.index).\(issued)"
        return Base64.encodeURL(Array((told + "." + Self.seal(told, key)).utf8))
    }

    private static func seal(_ text: String, _ key: [UInt8]) -> String {
        Hex.encode(Array(Digest.hmacSHA256(key: key, Array(text.utf8)).prefix(6)))
    }
}
