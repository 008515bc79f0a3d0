// SPDX-License-Identifier: Apache-2.0
package import Basics

/// A stretch of time, its end not part of it.
package struct Span: Sendable, Hashable, CustomStringConvertible {
    package var from: Timestamp
    package var to: Timestamp

    /// Puts it together from its parts.
    package init(_ from: Timestamp, _ to: Timestamp) {
        self.from = from
        self.to = to
    }

    package var isEmpty: Bool { from >= to }
    /// How long it is.
    package var length: Duration { to - from }

    /// What both spans have in common; empty where they do not meet.
    package func clamped(to other: Span) -> Span { Span(max(from, other.from), min(to, other.to)) }

    /// The part before `instant` and the part from it on.
    package func split(at instant: Timestamp) -> (before: Span, after: Span) {
        let cut = min(max(instant, from), max(from, to))
        return (Span(from, cut), Span(cut, to))
    }

    package var description: String { "\(from)/\(to)" }
}
