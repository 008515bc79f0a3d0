// SPDX-License-Identifier: Apache-2.0
import Identity
import JSON
import Source

/// A person's sign-in, held in memory for as long as their changes take.
struct PersonSession: Sendable {
    let authority: PersonAuthority
    /// What the token says of the person and the tenant.
    let claims: Value

    /// Forgets the token.
    func drop() async { authority.drop() }
}
