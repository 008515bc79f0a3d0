// SPDX-License-Identifier: Apache-2.0
package import Basics
import Crypto
import Glibc
package import Status

/// Keeps bodies that could not be understood, byte for byte, so that a later version may still read them.
package struct Quarantine: Sendable {
    /// The longest file name that is taken from an item's own id.
    private static let longestName = 120

    /// The home it is part of.
    package let home: Home
    private let time: any TimeSource

    /// Puts it together from its parts.
    package init(_ home: Home, time: any TimeSource = SystemTime()) {
        self.home = home
        self.time = time
    }

    /// Writes the bytes and, beside them, why they are here; the same item again replaces the older one.
    package func hold(_ bytes: [UInt8], of stream: StreamKey, item: String, reason: String)
        throws(StoreFailure)
    {
        let folder = path(of: stream)
        try Files.makeFolder(folder, parents: true)
        let name = Self.name(of: item)
        try Files.replace(folder + "/" + name, with: bytes)
        let words = "\(time.now) \(item)\n\(Redaction.shared.redact(reason))\n"
        try Files.replace(folder + "/" + name + ".reason", with: Array(words.utf8))
    }

    /// The bytes held for an item; `nil` where there are none.
    package func bytes(of item: String, stream: StreamKey) throws(StoreFailure) -> [UInt8]? {
        try Files.read(path(of: stream) + "/" + Self.name(of: item))
    }

    /// Lets an item go, once it has been understood.
    package func release(_ item: String, of stream: StreamKey) {
        let path = path(of: stream) + "/" + Self.name(of: item)
        unlink(path)
        unlink(path + ".reason")
    }

    private func path(of stream: StreamKey) -> String {
        home.quarantine + "/" + stream.customer + "/" + stream.connection + "/" + stream.stream
    }

    /// A file name for an id that a stranger chose: its harmless characters, and a digest where that changed anything.
    private static func name(of item: String) -> String {
        let kept = item.utf8.map { byte -> UInt8 in
            let isHarmless =
                (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
                || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "$")
            return isHarmless ? byte : UInt8(ascii: "_")
        }
        let name = String(decoding: kept.prefix(longestName), as: UTF8.self)
        if name == item { return name }
        let digest = Digest.sha256(Array(item.utf8)).prefix(8)
        return name + "-" + Hex.encode(digest)
    }
}
