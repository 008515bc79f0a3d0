// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Crypto
import HTTPClient

/// Makes the header for services that take a key or a password as it is.
enum KeyHeader {
    static func make(_ demand: TokenDemand) throws(IdentityFailure) -> Header {
        let names = demand.bindings(audience: demand.audiences.first ?? "")
        let header: Header
        switch demand.auth.kind {
        case .header:
            guard let form = demand.auth.header else { throw .request("no header is named") }
            let value = try text(form.value, names)
            // A service may echo the key without what stands before it.
            _ = Secret(value)
            header = Header(form.name, form.scheme + value)
        case .basic:
            guard let user = demand.auth.user, let password = demand.auth.password else {
                throw .request("no user or password is named")
            }
            let name = try text(user, names)
            // The service would take what follows for the start of the password (RFC 7617 §2).
            guard !name.contains(":") else { throw .request("the user's name holds a colon") }
            let word = try text(password, names)
            let pair = Base64.encode(Array((name + ":" + word).utf8))
            for shown in [word, pair] { _ = Secret(shown) }
            header = Header("Authorization", "Basic " + pair)
        case .clientCredentials:
            throw .request("a token goes with it, not a key")
        }
        // A key that a server echoes is hidden as a whole, encoded or not.
        _ = Secret(header.value)
        return header
    }

    private static func text(_ template: Template, _ names: Names) throws(IdentityFailure) -> String {
        do { return try template.text(in: names) } catch { throw .request(error.description) }
    }
}
