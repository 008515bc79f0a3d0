// SPDX-License-Identifier: Apache-2.0
package import Basics

/// Takes a secret out of what a file or a pipe holds.
package enum SecretText {
    /// The bytes as a secret: one final newline is dropped, anything else invisible at the ends is refused by name.
    ///
    /// Editors end files with a newline, so exactly one is forgiven; a second one, or a space, came with the pasting
    /// and would be refused by the service without a word that helps.
    package static func secret(from bytes: [UInt8], named source: String) throws(CredentialRefused) -> Secret
    {
        var bytes = bytes[...]
        if bytes.last == 0x0A {
            bytes.removeLast()
            if bytes.last == 0x0D { bytes.removeLast() }
        }
        guard !bytes.isEmpty else { throw CredentialRefused("the secret in \(source) is empty") }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CredentialRefused("the secret in \(source) is no UTF-8 text; is it the right file?")
        }
        if let (name, atStart) = InvisibleCharacters.atEnds(of: text) {
            throw CredentialRefused(
                "the secret in \(source) \(atStart ? "begins" : "ends") with \(name): copy it again without it"
            )
        }
        return Secret(text)
    }
}

/// A credential that cannot be taken, and why.
package struct CredentialRefused: Error, Sendable, Equatable, CustomStringConvertible {
    package let description: String

    /// Refuses with a sentence that names no secret.
    package init(_ sentence: String) { description = sentence }
}
