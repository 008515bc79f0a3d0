// SPDX-License-Identifier: Apache-2.0

/// Why a cryptographic step failed, in a sentence for the person at the keyboard.
package struct CryptoFailure: Error, Sendable, Equatable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
