// SPDX-License-Identifier: Apache-2.0

/// What one delivery has brought to its destination.
package struct Delivered: Sendable, Equatable {
    package var records: Int
    /// How many files were written to.
    package var files: Int
    package var bytes: Int64

    /// Puts it together from its parts.
    package init(records: Int = 0, files: Int = 0, bytes: Int64 = 0) {
        self.records = records
        self.files = files
        self.bytes = bytes
    }
}
