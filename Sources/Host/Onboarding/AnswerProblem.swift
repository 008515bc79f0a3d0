// SPDX-License-Identifier: Apache-2.0
package import JSON

/// One thing that is wrong with the answers, and where.
package struct AnswerProblem: Sendable, Equatable, CustomStringConvertible {
    /// A JSON Pointer into the answers; empty for the file as a whole.
    package var pointer: String
    package var position: Position?
    package var sentence: String

    /// Names a place by its pointer, or by its position where the file does not read at all.
    package init(_ pointer: String, at position: Position? = nil, _ sentence: String) {
        self.pointer = pointer
        self.position = position
        self.sentence = sentence
    }

    package var description: String {
        let place = [position.map { "line \($0.line)" }, pointer.isEmpty ? nil : pointer].compactMap(\.self)
        return (place.isEmpty ? "" : place.joined(separator: " ") + ": ") + sentence
    }
}

/// Answers that cannot be taken, with every reason at once.
package struct AnswersRefused: Error, Sendable, Equatable, CustomStringConvertible {
    package let problems: [AnswerProblem]

    /// Refuses for at least one reason.
    package init(_ problems: [AnswerProblem]) { self.problems = problems }

    package var description: String {
        let head =
            problems.count == 1 ? "The answers have a problem" : "The answers have \(problems.count) problems"
        return "\(head):\n" + problems.map { "  " + $0.description }.joined(separator: "\n")
            + "\nNothing was changed; correct this and try again."
    }
}
