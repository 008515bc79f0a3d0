// SPDX-License-Identifier: Apache-2.0

/// What is wrong with the text of an expression, template or predicate, and where in it.
package struct SyntaxProblem: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is wrong, as a sentence without its full stop.
    package let message: String
    /// The character at which it was noticed, counted from 0.
    package let offset: Int

    package var description: String { "\(message) (at character \(offset + 1))" }
}
