// SPDX-License-Identifier: Apache-2.0

/// Why a server could not start.
package struct ServerFailure: Error, Sendable, Equatable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
