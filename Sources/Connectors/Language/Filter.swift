// SPDX-License-Identifier: Apache-2.0
import Basics
import JSON

/// What can be done to a value after a `|`; the list is closed.
package enum Filter: String, Sendable, CaseIterable {
    /// Writes an instant in a named form: `iso`, `isoZ`, `millis`, `minute`, `time`, `day`, `epoch`, `epochMillis`.
    case date
    /// Adds an ISO 8601 duration to an instant.
    case plus
    /// Takes an ISO 8601 duration from an instant.
    case minus
    /// Makes letters small.
    case lower
    /// Drops white space at both ends.
    case trim
    /// Trims, and drops characters nobody sees wherever they stand.
    case clean
    /// Parses a text that holds JSON.
    case json
    /// Writes a value as JSON text.
    case quote
    /// Stands in where there is no value.
    case `default`
    /// Takes the first element.
    case first
    /// Takes the last element.
    case last
    /// Counts the elements of a list, the members of an object or the characters of a text.
    case count
    /// Takes the least element.
    case min
    /// Takes the greatest element.
    case max
    /// Encodes a text in base64.
    case base64
    /// Joins elements to one text.
    case join
    /// Reads a whole number.
    case int
    /// Reads a truth value, however it is spelled.
    case bool
    /// Takes the first GUID that stands in a text, in small letters.
    case guid

    /// How many arguments it takes.
    var arity: ClosedRange<Int> {
        switch self {
        case .date, .plus, .minus, .default: 1...1
        case .join: 0...1
        default: 0...0
        }
    }

    /// Whether it acts on a list as a whole instead of on each element.
    var gathers: Bool {
        switch self {
        case .first, .last, .count, .min, .max, .join, .default, .quote: true
        default: false
        }
    }

    /// The forms of ``date``.
    static let dateForms = ["iso", "isoZ", "millis", "minute", "time", "day", "epoch", "epochMillis"]

    /// The value this filter makes of `value`, or `nil` where it makes none.
    func apply(to value: Value, _ arguments: [Value]) -> Value? {
        switch self {
        case .date: date(value, arguments.first)
        case .plus: shifted(value, arguments.first) { $0 + $1 }
        case .minus: shifted(value, arguments.first) { $0 - $1 }
        case .lower: value.plainText.map { .string($0.lowercased()) }
        case .trim: value.plainText.map { .string(Text.trimmed($0)) }
        case .clean: value.plainText.map { .string(Text.cleaned($0)) }
        case .json: value.stringValue.flatMap { try? Value(parsing: Array($0.utf8)) }
        case .quote: .string(value.text())
        case .default: value
        case .first: value.arrayValue?.first
        case .last: value.arrayValue?.last
        case .count: count(value)
        case .min: value.arrayValue?.min { Compare.isLess($0, $1) }
        case .max: value.arrayValue?.max { Compare.isLess($0, $1) }
        case .base64: value.plainText.map { .string(Text.base64(Array($0.utf8))) }
        case .join:
            value.arrayValue.map {
                .string($0.compactMap(\.plainText).joined(separator: arguments.first?.stringValue ?? ", "))
            }
        case .int: value.plainText.flatMap { Int64(Text.trimmed($0)) }.map { .int($0) }
        case .bool: truth(value)
        case .guid: value.plainText.flatMap { Text.firstGUID(in: $0) }.map { .string($0) }
        }
    }

    private func count(_ value: Value) -> Value? {
        switch value {
        case .array(let elements): .int(Int64(elements.count))
        case .object(let object): .int(Int64(object.count))
        case .string(let text): .int(Int64(text.count))
        default: nil
        }
    }

    private func truth(_ value: Value) -> Value? {
        switch value.plainText?.lowercased() {
        case "true", "1", "yes": true
        case "false", "0", "no": false
        default: nil
        }
    }

    private func date(_ value: Value, _ form: Value?) -> Value? {
        guard let instant = Filter.instant(value) else { return nil }
        switch form?.stringValue {
        case "iso": return .string(instant.secondsText)
        case "isoZ": return .string(instant.secondsText + "Z")
        case "millis": return .string(instant.millisecondsText)
        case "minute": return .string(String(instant.secondsText.dropLast(3)))
        case "time": return .string(String(instant.secondsText.dropFirst(11).prefix(5)))
        case "day": return .string(instant.day)
        case "epoch": return .int(instant.seconds)
        case "epochMillis": return .int(instant.milliseconds)
        default: return nil
        }
    }

    private func shifted(_ value: Value, _ span: Value?, _ move: (Timestamp, Duration) -> Timestamp) -> Value?
    {
        guard let instant = Filter.instant(value), let text = span?.stringValue,
            let duration = Duration(iso8601: text)
        else { return nil }
        return .string(move(instant, duration).description)
    }

    /// The instant a value names: RFC 3339 text, or seconds since 1970.
    static func instant(_ value: Value) -> Timestamp? {
        if let seconds = value.int64 { return Timestamp(seconds: seconds) }
        return value.stringValue.flatMap { Timestamp(iso8601: $0) }
    }
}
