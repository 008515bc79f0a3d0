// SPDX-License-Identifier: Apache-2.0

/// A numeric address and a port to be served at: `127.0.0.1:8080`, `[::1]:8080`, `0.0.0.0:8080`; a port alone is of
/// this machine only.
package struct ListenAddress: Sendable, Equatable, CustomStringConvertible {
    /// Without the brackets of an IPv6 address.
    package let host: String
    /// 0 for a free one.
    package let port: UInt16

    /// A free port of this machine.
    package static let here = ListenAddress(host: "127.0.0.1", port: 0)

    private init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// Reads `text`; `nil` where it is no numeric address with a port.
    package init?(_ text: String) {
        let colon = text.lastIndex(of: ":")
        let name = colon.map { String(text[..<$0]) } ?? "127.0.0.1"
        let number = colon.map { text[text.index(after: $0)...] } ?? text[...]
        guard let port = UInt16(number), number.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        let isBracketed = name.hasPrefix("[") && name.hasSuffix("]") && name.count > 2
        let bare = isBracketed ? String(name.dropFirst().dropLast()) : name
        guard isBracketed ? HostName.isIPv6(bare) : HostName.isIPv4(bare) || bare == "localhost" else {
            return nil
        }
        host = bare == "localhost" ? "127.0.0.1" : bare
        self.port = port
    }

    /// Whether only this machine reaches it.
    package var isLoopback: Bool { host.hasPrefix("127.") || host == "::1" }

    /// As it stands in a URL.
    package var description: String { (host.contains(":") ? "[\(host)]" : host) + ":\(port)" }

    /// The address that a browser opens, for the port that was got.
    package func url(port: UInt16) -> String {
        let any = host == "0.0.0.0" || host == "::"
        let name = any ? "127.0.0.1" : host.contains(":") ? "[\(host)]" : host
        return "http://\(name):\(port)/"
    }
}
