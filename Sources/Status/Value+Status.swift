// SPDX-License-Identifier: Apache-2.0
package import Basics
package import JSON

/// An object of these members in this order.
package func members(_ pairs: (String, Value)...) -> Value { .object(Object(pairs)) }

extension Value {
    /// An instant as RFC 3339 in UTC, or null.
    package static func time(_ instant: Timestamp?) -> Value {
        instant.map { .string($0.description) } ?? .null
    }

    /// A text, or null.
    package static func text(_ text: String?) -> Value { text.map { .string($0) } ?? .null }

    /// The instant in member `key`.
    package func time(_ key: String) -> Timestamp? {
        self[key]?.stringValue.flatMap { Timestamp(iso8601: $0) }
    }
}
