// SPDX-License-Identifier: Apache-2.0

/// Why a token or key could not even be asked for; the cause lies on this machine.
package enum IdentityFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file with the assertion cannot be read, or holds none.
    case federatedFile(path: String, why: String)
    /// The definition does not take this kind of credential.
    case credentialKind(String)
    /// The definition's request for a token cannot be put together from what is known.
    case request(String)
    /// The private key could not sign.
    case signing(String)

    package var description: String {
        switch self {
        case .federatedFile(let path, let why):
            "the federated token file \(path) cannot be used: \(why). See that it is written and readable here"
        case .credentialKind(let why):
            "the connector cannot use this kind of credential: \(why)"
        case .request(let why):
            "the request for a token cannot be put together: \(why)"
        case .signing(let why):
            "the assertion for a token cannot be signed: \(why)"
        }
    }
}
