// SPDX-License-Identifier: Apache-2.0

/// The base address of a service: scheme, host, port and the start of its paths.
///
/// Plain http is accepted for literal loopback addresses only, never for a name, because a name can be made to point
/// elsewhere.
package struct BaseURL: Sendable, Hashable, CustomStringConvertible {
    /// The address without a slash at its end.
    package let text: String
    /// The host, in small letters.
    package let host: String

    package var description: String { text }

    /// Reads an address; `nil` where a bearer token must not be sent to it.
    package init?(_ text: String) {
        let scheme: Substring
        switch true {
        case text.hasPrefix("https://"): scheme = "https://"
        case text.hasPrefix("http://"): scheme = "http://"
        default: return nil
        }
        let rest = text.dropFirst(scheme.count)
        guard rest.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
            !rest.contains(where: { "?#@\\{}\"<>".contains($0) })
        else { return nil }
        let authority = rest.prefix { $0 != "/" }
        guard let (host, port) = Self.split(authority), port.map({ (1...65_535).contains($0) }) ?? true else {
            return nil
        }
        guard scheme == "https://" || Self.isLoopback(host) else { return nil }
        var whole = text
        while whole.hasSuffix("/") { whole.removeLast() }
        self.text = whole
        self.host = host.lowercased()
    }

    private static func split(_ authority: Substring) -> (host: String, port: Int?)? {
        if authority.hasPrefix("[") {
            guard let close = authority.firstIndex(of: "]") else { return nil }
            let rest = authority[authority.index(after: close)...]
            let host = String(authority[...close])
            guard !rest.isEmpty else { return (host, nil) }
            guard rest.hasPrefix(":"), let port = Int(rest.dropFirst()) else { return nil }
            return (host, port)
        }
        let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, let host = parts.first, !host.isEmpty else { return nil }
        guard parts.count == 2 else { return (String(host), nil) }
        guard let port = Int(parts[1]) else { return nil }
        return (String(host), port)
    }

    /// Whether `host` is an address of this machine, written as one and not as a name.
    static func isLoopback(_ host: String) -> Bool {
        if host == "[::1]" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        return parts.count == 4 && parts.allSatisfy { $0 != nil } && parts[0] == 127
    }
}
