// SPDX-License-Identifier: Apache-2.0
package import Connectors
package import HTTPClient

/// No token came: the answer says why, and the definition's rules say what that means.
package struct TokenRefused: Error, Sendable, CustomStringConvertible {
    package let response: Response
    /// Set where the answer was a success without a token in it.
    package let trouble: Trouble?

    package var description: String {
        trouble == nil
            ? "the sign-in service refused a token with HTTP \(response.status)"
            : "the sign-in service answered HTTP \(response.status) without a token"
    }
}
