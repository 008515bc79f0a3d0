// SPDX-License-Identifier: Apache-2.0
import Basics
import JSON

extension Cell {
    static func time(_ time: Timestamp?) -> Cell { time.map { .integer($0.nanoseconds) } ?? .null }
    static func optional(_ text: String?) -> Cell { text.map { .text($0) } ?? .null }
    static func number(_ value: Int) -> Cell { .integer(Int64(value)) }
    static func flag(_ value: Bool) -> Cell { .integer(value ? 1 : 0) }
    static func json(_ value: Value) -> Cell { .text(value.text()) }
}

extension Row {
    func time(_ column: Int32) -> Timestamp { Timestamp(nanoseconds: integer(column)) }
    func optionalTime(_ column: Int32) -> Timestamp? {
        optionalInteger(column).map { Timestamp(nanoseconds: $0) }
    }

    func int(_ column: Int32) -> Int { Int(integer(column)) }

    /// A column of JSON that we wrote ourselves; `null` where it is unset or damaged.
    func json(_ column: Int32) -> Value {
        withBlob(column) { (try? Value(parsing: Array($0))) ?? .null }
    }
}

extension Value {
    static func time(_ time: Timestamp?) -> Value { time.map { .int($0.nanoseconds) } ?? .null }
    static func optional(_ text: String?) -> Value { text.map { .string($0) } ?? .null }

    func instant(_ key: String) -> Timestamp? { self[key]?.int64.map { Timestamp(nanoseconds: $0) } }
    func text(_ key: String) -> String? { self[key]?.stringValue }
}
