// SPDX-License-Identifier: Apache-2.0
import Basics

/// What is done with a record that comes again.
package struct Dedupe: Sendable, Equatable {
    /// What is done when a key comes again with other bytes.
    package enum OnChange: String, Sendable, CaseIterable {
        /// Both are kept.
        case keep
        /// The later one is dropped.
        case drop
    }

    /// What is done when a key comes again with other bytes.
    package let onChange: OnChange
    /// How long keys are remembered after their availability.
    package let keep: Duration
}

extension Dedupe {
    /// What holds where a definition says nothing.
    static let usual = Dedupe(onChange: .keep, keep: .days(8))

    init(_ node: Node) {
        var fields = Fields(node)
        onChange = fields.required("onChange")?.choice(OnChange.self) ?? .keep
        keep = fields.optional("keep")?.span(atLeast: .days(1), atMost: .days(60)) ?? Self.usual.keep
        fields.end()
    }
}
