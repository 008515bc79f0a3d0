// SPDX-License-Identifier: Apache-2.0

/// How much a document may ask of its reader.
package struct Limits: Sendable, Equatable {
    /// How deeply values may be nested.
    package var depth: Int
    /// How many bytes there may be.
    package var size: Int

    /// Limits of so many levels and bytes.
    package init(depth: Int, size: Int) {
        self.depth = depth
        self.size = size
    }

    /// For documents that people write.
    package static let standard = Limits(depth: 64, size: 8 << 20)
    /// For answers of services.
    package static let answer = Limits(depth: 256, size: 256 << 20)
}
