// SPDX-License-Identifier: Apache-2.0

/// The calendar fields of an instant in UTC (proleptic Gregorian).
struct CivilTime {
    var year: Int
    var month: Int
    var day: Int
    var hour = 0
    var minute = 0
    var second = 0

    /// Days from 1970-01-01, after Howard Hinnant's `days_from_civil`.
    var daysSinceEpoch: Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return Int64(era * 146_097 + dayOfEra - 719_468)
    }

    var secondsSinceEpoch: Int64 { daysSinceEpoch * 86_400 + Int64(hour * 3_600 + minute * 60 + second) }

    init(year: Int, month: Int, day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    init(secondsSinceEpoch seconds: Int64) {
        let days = Int(seconds.dividedDown(by: 86_400))
        let rest = Int(seconds) - days * 86_400
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthShifted = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthShifted + 2) / 5 + 1
        month = monthShifted < 10 ? monthShifted + 3 : monthShifted - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        hour = rest / 3_600
        minute = rest % 3_600 / 60
        second = rest % 60
    }

    /// Whether every field is in its range, the day in its month.
    var isValid: Bool {
        guard (1...12).contains(month), (0...23).contains(hour), (0...59).contains(minute),
            (0...60).contains(second)
        else { return false }
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return day >= 1 && day <= lengths[month - 1] && (1678...2261).contains(year)
    }
}

extension Timestamp: CustomStringConvertible {
    /// RFC 3339 in UTC: whole seconds, or milliseconds where there are any.
    package var description: String {
        milliseconds % 1_000 == 0 ? secondsText + "Z" : millisecondsText
    }

    /// RFC 3339 in UTC with exactly three fraction digits, such as `2026-11-21T06:30:00.123Z`.
    package var millisecondsText: String {
        let fraction = Int(milliseconds - seconds * 1_000)
        return secondsText + "." + padded(fraction, 3) + "Z"
    }

    /// `YYYY-MM-DDTHH:MM:SS` in UTC, without a zone.
    package var secondsText: String {
        let civil = CivilTime(secondsSinceEpoch: seconds)
        return day + "T" + padded(civil.hour, 2) + ":" + padded(civil.minute, 2) + ":"
            + padded(civil.second, 2)
    }

    /// The UTC day, `YYYY-MM-DD`.
    package var day: String {
        let civil = CivilTime(secondsSinceEpoch: seconds)
        return padded(civil.year, 4) + "-" + padded(civil.month, 2) + "-" + padded(civil.day, 2)
    }

    /// Hours and minutes in UTC, `HH:MM`, for people.
    package var clockText: String {
        let civil = CivilTime(secondsSinceEpoch: seconds)
        return padded(civil.hour, 2) + ":" + padded(civil.minute, 2)
    }

    /// The date form of HTTP, such as `Sat, 21 Nov 2026 06:30:00 GMT` (RFC 9110 §5.6.7).
    package var httpDate: String {
        let civil = CivilTime(secondsSinceEpoch: seconds)
        // 1970-01-01 was a Thursday.
        let weekday = Int((civil.daysSinceEpoch % 7 + 11) % 7)
        return weekdays[weekday] + ", " + padded(civil.day, 2) + " " + months[civil.month - 1] + " "
            + padded(civil.year, 4) + " " + secondsText.suffix(8) + " GMT"
    }

    /// Reads an ISO 8601 instant: a date, then optionally `T` (or a space), a time, a fraction and a zone.
    ///
    /// Without a zone it is UTC, as many services mean it; digits beyond the ninth of a fraction are dropped.
    /// Returns `nil` for anything else, a leap second counts as the second before it.
    package init?(iso8601 text: some StringProtocol) {
        var reader = DigitReader(text)
        guard let year = reader.digits(4), reader.skip("-"), let month = reader.digits(2), reader.skip("-"),
            let day = reader.digits(2)
        else { return nil }
        var civil = CivilTime(year: year, month: month, day: day)
        var fraction: Int64 = 0
        var offset = 0
        if reader.skip("T") || reader.skip("t") || reader.skip(" ") {
            guard let hour = reader.digits(2), reader.skip(":"), let minute = reader.digits(2) else {
                return nil
            }
            civil.hour = hour
            civil.minute = minute
            if reader.skip(":") {
                guard let second = reader.digits(2) else { return nil }
                civil.second = second
                if reader.skip(".") || reader.skip(",") {
                    guard let digits = reader.fraction() else { return nil }
                    fraction = digits
                }
            }
            guard let zone = reader.zone() else { return nil }
            offset = zone
        }
        guard reader.isAtEnd, civil.isValid else { return nil }
        civil.second = min(civil.second, 59)
        self.init(nanoseconds: (civil.secondsSinceEpoch - Int64(offset)) * 1_000_000_000 + fraction)
    }

    /// Reads the date form that HTTP servers send (RFC 9110 §5.6.7, the IMF form only).
    package init?(httpDate text: some StringProtocol) {
        let words = text.split(whereSeparator: { $0 == " " || $0 == "," || $0 == "\t" })
        guard words.count == 6, let day = Int(words[1]), let year = Int(words[3]),
            let month = months.firstIndex(of: String(words[2])), words[5] == "GMT"
        else { return nil }
        let time = words[4].split(separator: ":").compactMap { Int($0) }
        guard time.count == 3 else { return nil }
        var civil = CivilTime(year: year, month: month + 1, day: day)
        (civil.hour, civil.minute, civil.second) = (time[0], time[1], time[2])
        guard civil.isValid else { return nil }
        civil.second = min(civil.second, 59)
        self.init(seconds: civil.secondsSinceEpoch)
    }
}

private let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
private let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]

/// `number` in decimal, with zeros in front up to `width` digits.
private func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return digits.utf8.count >= width
        ? digits : String(repeating: "0", count: width - digits.utf8.count) + digits
}

/// Takes fixed-width digit groups off the front of a text.
private struct DigitReader {
    private var rest: ArraySlice<UInt8>

    init(_ text: some StringProtocol) { rest = Array(text.utf8)[...] }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }

    mutating func digits(_ count: Int) -> Int? {
        guard rest.count >= count else { return nil }
        var value = 0
        for byte in rest.prefix(count) {
            guard (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        rest.removeFirst(count)
        return value
    }

    /// The digits of a fraction as nanoseconds.
    mutating func fraction() -> Int64? {
        var value: Int64 = 0
        var count = 0
        while let byte = rest.first, (0x30...0x39).contains(byte) {
            if count < 9 { value = value * 10 + Int64(byte - 0x30) }
            count += 1
            rest.removeFirst()
        }
        guard count > 0 else { return nil }
        for _ in min(count, 9)..<9 { value *= 10 }
        return value
    }

    /// The zone's offset in seconds; none means UTC.
    mutating func zone() -> Int? {
        if isAtEnd || skip("Z") || skip("z") { return 0 }
        let sign: Int
        if skip("+") { sign = 1 } else if skip("-") { sign = -1 } else { return nil }
        guard let hours = digits(2), hours < 24 else { return nil }
        _ = skip(":")
        let minutes = isAtEnd ? 0 : digits(2)
        guard let minutes, minutes < 60 else { return nil }
        return sign * (hours * 3_600 + minutes * 60)
    }
}
