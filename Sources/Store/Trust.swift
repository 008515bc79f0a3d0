// SPDX-License-Identifier: Apache-2.0
package import Basics

/// A person's agreement to a definition or a flow of the home's own, for exactly the bytes that were shown.
package struct Trust: Sendable, Equatable {
    /// What it is that a person agreed to; trust in one kind is none in another of the same id.
    package enum Kind: String, Sendable {
        case connector, flow
    }

    package var kind: Kind
    /// The definition's or the flow's id.
    package var id: String
    /// The SHA-256 of its folder, in hexadecimal.
    package var digest: String
    /// Who agreed, as the system knows them.
    package var by: String
    /// When.
    package var at: Timestamp

    /// Puts it together from its parts.
    package init(kind: Kind, id: String, digest: String, by: String, at: Timestamp) {
        self.kind = kind
        self.id = id
        self.digest = digest
        self.by = by
        self.at = at
    }
}

extension [Trust] {
    /// The SHA-256 that was agreed to of each of that kind, by id.
    package func digests(of kind: Trust.Kind) -> [String: String] {
        Dictionary(filter { $0.kind == kind }.map { ($0.id, $0.digest) }) { $1 }
    }
}
