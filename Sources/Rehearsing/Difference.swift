// SPDX-License-Identifier: Apache-2.0
import Basics

/// One expectation of a test that was not met.
package struct Difference: Sendable, Equatable, CustomStringConvertible {
    /// The place of the expectation in the test's file, such as `then.records.Audit.General` or `http[3]`.
    package let expectation: String
    /// What was expected and what came instead.
    package let sentence: String

    /// Says at `expectation` that `sentence` is so.
    package init(_ expectation: String, _ sentence: String) {
        self.expectation = expectation
        self.sentence = sentence
    }

    package var description: String { "\(expectation): \(sentence)" }

    /// The difference between two values; `nil` where there is none.
    static func between<Part: Equatable>(_ expected: Part, _ got: Part?, at expectation: String)
        -> Difference?
    {
        guard expected != got else { return nil }
        return Difference(expectation, "expected \(expected), got \(got.map { "\($0)" } ?? "nothing")")
    }

    /// Says that the clock was waited for less than it should have been.
    static func shorter(_ expected: Duration, _ got: Duration) -> Difference {
        Difference("then.waited", "expected \(expected.iso8601) or more, got \(got.iso8601)")
    }
}
