// SPDX-License-Identifier: Apache-2.0

extension Duration {
    /// Whole nanoseconds, held at the largest value that fits.
    package var wholeNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        if overflow { return seconds < 0 ? .min : .max }
        let (sum, carried) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
        return carried ? (seconds < 0 ? .min : .max) : sum
    }

    /// Whole seconds, the fraction dropped.
    package var wholeSeconds: Int64 { components.seconds }

    /// A number of minutes.
    package static func minutes(_ count: Int) -> Duration { .seconds(count * 60) }
    /// A number of hours.
    package static func hours(_ count: Int) -> Duration { .seconds(count * 3_600) }
    /// A number of days of 24 hours.
    package static func days(_ count: Int) -> Duration { .seconds(count * 86_400) }

    /// Reads an ISO 8601 duration of weeks, days, hours, minutes and seconds, such as `P7D` or `PT1H30M`.
    ///
    /// Years and months are refused because their length depends on the date; a fraction is taken for
    /// seconds only.
    package init?(iso8601 text: some StringProtocol) {
        var rest = Substring(text)
        guard rest.popFirst() == "P", !rest.isEmpty else { return nil }
        var total = Duration.zero
        var inTime = false
        var units: Substring = "WDHMS"
        while !rest.isEmpty {
            if !inTime, rest.first == "T" {
                inTime = true
                rest.removeFirst()
                if rest.isEmpty { return nil }
                continue
            }
            let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            rest = rest.dropFirst(number.count)
            guard let unit = rest.popFirst(), let place = units.firstIndex(of: unit),
                let value = Double(number),
                number.first != ".", value <= 1e9
            else { return nil }
            units = units[units.index(after: place)...]
            guard inTime == "HMS".contains(unit), unit == "S" || !number.contains(".") else { return nil }
            let scale: Double = ["W": 604_800, "D": 86_400, "H": 3_600, "M": 60][unit] ?? 1
            total += .milliseconds(Int64((value * scale * 1_000).rounded()))
        }
        self = total
    }

    /// The duration as ISO 8601 in whole seconds, such as `P1DT2H` or `PT0S`.
    package var iso8601: String {
        var seconds = wholeSeconds
        guard seconds > 0 else { return "PT0S" }
        let days = seconds / 86_400
        seconds %= 86_400
        let parts = [(seconds / 3_600, "H"), (seconds % 3_600 / 60, "M"), (seconds % 60, "S")]
        let time = parts.map { $0.0 == 0 ? "" : "\($0.0)\($0.1)" }.joined()
        return "P" + (days == 0 ? "" : "\(days)D") + (time.isEmpty ? "" : "T" + time)
    }

    /// The duration for people, in its one or two largest units: `42 s`, `5 min`, `3 h 10 min`, `2 d 4 h`.
    package var spoken: String {
        let seconds = Swift.max(0, wholeSeconds)
        let units: [(Int64, String)] = [(86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")]
        guard let first = units.firstIndex(where: { seconds >= $0.0 }) else { return "0 s" }
        let head = "\(seconds / units[first].0) \(units[first].1)"
        // Seconds beside minutes would only flicker.
        guard first < 2 else { return head }
        let rest = seconds % units[first].0 / units[first + 1].0
        return rest == 0 ? head : head + " \(rest) \(units[first + 1].1)"
    }
}
