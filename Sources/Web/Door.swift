// SPDX-License-Identifier: Apache-2.0
import Crypto
package import HTTPServer

/// Decides whether a request may come in: its method, the name it was sent to, where it comes from, its token.
///
/// A page of another site that is open in a person's browser must not read the status, whatever name it had resolved to
/// this machine (DNS rebinding): only numbers, `localhost` and names that were given are answered.
package struct Door: Sendable {
    private let names: Set<String>
    /// The SHA-256 of the token, asked for at each request so that another one counts at once; `nil` where none is asked for.
    private let digest: (@Sendable () -> [UInt8]?)?

    /// A door for requests to one of `names`; with `digest` nobody comes in without the token of that SHA-256.
    package init(names: [String] = [], digest: (@Sendable () -> [UInt8]?)? = nil) {
        self.names = Set(names.map { $0.lowercased() })
        self.digest = digest
    }

    /// Paths that say nothing of any customer, for what starts and stops processes.
    package static let open: Set<String> = ["/livez", "/readyz"]

    /// The answer that a request gets which may not come in; `nil` for one that may.
    package func refusal(of request: Request) -> Response? {
        guard request.method == "GET" || request.method == "HEAD" else {
            return Self.refused(405, "Only GET and HEAD are served here.", [("Allow", "GET, HEAD")])
        }
        guard let host = request.header("host").flatMap(HostName.init), knows(host) else {
            return Self.refused(
                421,
                "This is not served under that name. Open it by its address, or start the host with --name and the name."
            )
        }
        if let origin = request.header("origin"), !isOwn(origin, host) {
            return Self.refused(403, "Other sites are not answered.")
        }
        guard let digest, !Self.open.contains(request.path) else { return nil }
        guard let wanted = digest(), let given = Self.token(in: request),
            constantTimeEqual(Digest.sha256(Array(given.utf8)), wanted)
        else {
            return Self.refused(
                401,
                "The access token is missing or is not the one. headgate config token makes a new one; a browser asks for it "
                    + "as the password, the name may be anything.",
                [("WWW-Authenticate", "Basic realm=\"Headgate\", charset=\"UTF-8\"")]
            )
        }
        return nil
    }

    private func knows(_ host: HostName) -> Bool {
        host.isNumeric || host.name == "localhost" || names.contains(host.name)
    }

    private func isOwn(_ origin: String, _ host: HostName) -> Bool {
        guard let mark = origin.firstRange(of: "://") else { return false }
        return HostName(String(origin[mark.upperBound...])) == host
    }

    /// The token as programs send it, or as the password that a browser asked for (RFC 6750 2.1, RFC 7617 2).
    private static func token(in request: Request) -> String? {
        guard let field = request.header("authorization"), let blank = field.firstIndex(of: " ") else {
            return nil
        }
        let value = field[field.index(after: blank)...].drop { $0 == " " }
        switch field[..<blank].lowercased() {
        case "bearer": return String(value)
        case "basic":
            guard let bytes = Base64.decode(value) else { return nil }
            let words = String(decoding: bytes, as: UTF8.self)
            return words.firstIndex(of: ":").map { String(words[words.index(after: $0)...]) }
        default: return nil
        }
    }

    private static func refused(_ status: Int, _ words: String, _ headers: [(String, String)] = [])
        -> Response
    {
        var response = Response.text(words + "\n", status: status)
        response.headers += headers
        return response
    }
}
