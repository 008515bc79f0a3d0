// SPDX-License-Identifier: Apache-2.0

/// A page to read, by the name of what it is about.
package struct DocumentationLink: Sendable, Equatable {
    /// What it is about, such as `permissions`.
    package let name: String
    /// Its address.
    package let url: String
}
