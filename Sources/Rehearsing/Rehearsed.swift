// SPDX-License-Identifier: Apache-2.0
package import Connectors

/// How one test of a definition went.
package struct Rehearsed: Sendable, Equatable {
    /// The test's file, such as `office365-management/tests/happy.json`.
    package let file: String
    /// What it shows, as a sentence.
    package let name: String
    /// What it is of.
    package let kind: Rehearsal.Kind
    /// Everything that came out otherwise than expected.
    package let differences: [Difference]
    /// The requests that were made.
    package let requests: Int

    /// Whether everything came out as expected.
    package var passed: Bool { differences.isEmpty }
}
