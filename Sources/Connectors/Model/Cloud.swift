// SPDX-License-Identifier: Apache-2.0

/// Where one cloud keeps its services, and for which audiences their tokens are asked.
package struct Cloud: Sendable, Equatable {
    /// The services a cloud may name.
    package static let services: Set<String> = ["login", "manage", "graph", "exchange", "portal"]

    /// The name people choose, such as `commercial`.
    package let name: String
    /// The base address of each service.
    package let bases: [String: BaseURL]
    /// The audiences of each service's tokens, tried in order.
    package let audiences: [String: [String]]

    /// Creates a cloud from all its parts.
    package init(name: String, bases: [String: BaseURL], audiences: [String: [String]]) {
        self.name = name
        self.bases = bases
        self.audiences = audiences
    }
}
