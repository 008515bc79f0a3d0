// SPDX-License-Identifier: Apache-2.0
import CCurl

/// The parts of an absolute http or https URL, taken apart by the library that will also send it.
///
/// The same parser on both sides means that no URL can look local to a check and lead elsewhere when it is sent. URLs
/// with a user or password, spaces or control characters are refused; a fragment is dropped.
package struct URLParts: Sendable, Equatable {
    /// `http` or `https`.
    package let scheme: String
    /// The host in lower case; an IPv6 address keeps its brackets.
    package let host: String
    /// The port, the scheme's own where the URL names none.
    package let port: Int
    /// The path as written, percent-encoding and dot segments kept; at least `/`.
    package let path: String
    /// The query as written without its `?`; nil where there is none.
    package let query: String?

    /// Takes `url` apart; nil where it is not a URL that may be asked.
    package init?(_ url: String) {
        // The library would stop at a NUL and take what stands before it.
        guard url.utf8.count <= 65_536,
            url.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f && $0 != UInt8(ascii: "\\") })
        else { return nil }
        Curl.ready
        guard let handle = curl_url() else { return nil }
        defer { curl_url_cleanup(handle) }
        guard curl_url_set(handle, CURLUPART_URL, url, UInt32(CURLU_PATH_AS_IS)) == CURLUE_OK,
            let scheme = Self.part(CURLUPART_SCHEME, of: handle)?.lowercased(),
            scheme == "http" || scheme == "https",
            Self.part(CURLUPART_USER, of: handle) == nil, Self.part(CURLUPART_PASSWORD, of: handle) == nil,
            let host = Self.part(CURLUPART_HOST, of: handle)?.lowercased(), !host.isEmpty,
            let portText = Self.part(CURLUPART_PORT, of: handle, UInt32(CURLU_DEFAULT_PORT)),
            let port = Int(portText),
            let path = Self.part(CURLUPART_PATH, of: handle)
        else { return nil }
        self.scheme = scheme
        self.host = host
        self.port = port
        self.path = path
        query = Self.part(CURLUPART_QUERY, of: handle)
    }

    private static func part(_ part: CURLUPart, of handle: OpaquePointer, _ flags: UInt32 = 0) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(handle, part, &text, flags) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }

    /// Whether the host is an address of this machine written as a number, 127.0.0.0/8 or `[::1]`; never a name.
    package var isLoopbackLiteral: Bool {
        if host == "[::1]" { return true }
        let octets = host.split(separator: ".", omittingEmptySubsequences: false)
        return octets.count == 4 && octets[0] == "127"
            && octets.allSatisfy { octet in
                octet.utf8.allSatisfy { (0x30...0x39).contains($0) } && UInt8(octet) != nil
            }
    }
}
