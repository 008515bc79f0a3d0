// SPDX-License-Identifier: Apache-2.0

/// A person who signed in, as tokens tell of them.
struct Person: Sendable, Equatable {
    /// The object id in their tenant.
    let id: String
    /// The name they sign in with.
    let user: String
    let name: String
}
