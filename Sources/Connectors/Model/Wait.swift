// SPDX-License-Identifier: Apache-2.0
package import Basics

/// How long an answer asks us to wait, and where it says so.
package struct Wait: Sendable, Equatable {
    /// A header with seconds or a date.
    package let header: String?
    /// A header with seconds since 1970.
    package let headerEpoch: String?
    /// Texts with `{h}`, `{m}` and `{s}` where numbers stand, the most telling first.
    package let text: [String]
    /// How long to wait where the answer does not say; `nil` means growing, jittered pauses.
    package let otherwise: Duration?
    /// The longest wait that is obeyed.
    package let cap: Duration

    /// The wait that `answer` names, or ``otherwise``; `nil` where neither says anything.
    ///
    /// A time of day is on the service's clock, which the answer tells by its own `Date`; `now` stands in for it.
    package func duration(for answer: Answer, now: Timestamp) -> Duration? {
        let now = answer[header: "Date"].flatMap { Timestamp(httpDate: $0) } ?? now
        let named =
            header.flatMap { fromHeader(answer[header: $0], now) }
            ?? headerEpoch.flatMap { fromEpoch(answer[header: $0], now) }
            ?? text.lazy.compactMap { Self.read(answer.words, pattern: $0) }.first
            ?? otherwise
        return named.map { min(max($0, .zero), cap) }
    }

    private func fromHeader(_ value: String?, _ now: Timestamp) -> Duration? {
        guard let value = value.map(Text.trimmed) else { return nil }
        if let seconds = Int64(value), (0...31_536_000).contains(seconds) { return .seconds(seconds) }
        return Timestamp(httpDate: value).map { $0 - now }
    }

    private func fromEpoch(_ value: String?, _ now: Timestamp) -> Duration? {
        guard let seconds = value.flatMap({ Int64(Text.trimmed($0)) }), (0...9_000_000_000).contains(seconds)
        else { return nil }
        return Timestamp(seconds: seconds) - now
    }

    /// Finds `pattern` in `text` and adds up the numbers that stand for its named parts.
    static func read(_ text: String, pattern: String) -> Duration? {
        let parts = Self.parts(of: pattern)
        guard let first = parts.first, case .words(let lead) = first else { return nil }
        var rest = Substring(text)
        while let found = rest.firstRange(of: lead) {
            rest = rest[found.upperBound...]
            if let duration = match(rest, parts.dropFirst()) { return duration }
        }
        return nil
    }

    private enum Part: Equatable {
        case words(String)
        case number(scale: Int64)
    }

    private static func match(_ text: Substring, _ parts: ArraySlice<Part>) -> Duration? {
        var rest = text
        var total: Int64 = 0
        for part in parts {
            switch part {
            case .words(let words):
                guard rest.hasPrefix(words) else { return nil }
                rest = rest.dropFirst(words.count)
            case .number(let scale):
                let digits = rest.prefix { $0.isASCII && $0.isNumber }
                guard let number = Int64(digits), number < 1_000_000 else { return nil }
                total += number * scale
                rest = rest.dropFirst(digits.count)
            }
        }
        return .seconds(total)
    }

    private static func parts(of pattern: String) -> [Part] {
        let scales: [String: Int64] = ["{h}": 3_600, "{m}": 60, "{s}": 1]
        var parts: [Part] = []
        var words = ""
        var rest = Substring(pattern)
        while !rest.isEmpty {
            if let scale = scales[String(rest.prefix(3))] {
                if !words.isEmpty { parts.append(.words(words)) }
                words = ""
                parts.append(.number(scale: scale))
                rest = rest.dropFirst(3)
            } else {
                words.append(rest.removeFirst())
            }
        }
        if !words.isEmpty { parts.append(.words(words)) }
        return parts
    }

    /// Whether a pattern starts with words and holds at least one named part.
    static func isPattern(_ pattern: String) -> Bool {
        let parts = Self.parts(of: pattern)
        guard case .words? = parts.first else { return false }
        return parts.contains { if case .number = $0 { true } else { false } }
    }
}

extension Wait {
    init(_ node: Node) {
        var fields = Fields(node)
        header = fields.optionalText("header")
        headerEpoch = fields.optionalText("headerEpoch")
        text = fields.list("text") { node in
            guard let pattern = node.text() else { return nil }
            guard Wait.isPattern(pattern) else {
                node.note(
                    .value,
                    "has no named part after words.",
                    fix: "Write such as \"again after {m}m {s}s\"."
                )
                return nil
            }
            return pattern
        }
        otherwise = fields.optional("else")?.span()
        cap = fields.optional("cap")?.span(atLeast: .seconds(1), atMost: .days(1)) ?? .minutes(15)
        fields.end()
    }
}
