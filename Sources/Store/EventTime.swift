// SPDX-License-Identifier: Apache-2.0
import Basics

/// Writes an event's time as RFC 3339 in UTC with the digits the source gave.
enum EventTime {
    /// Appends the time in `raw`, a JSON value's bytes, as a JSON string; `false` and nothing if it is no time.
    static func append(_ raw: ArraySlice<UInt8>, _ format: BatchBuilder.TimeFormat, to line: inout [UInt8])
        -> Bool
    {
        var text = raw
        if text.first == UInt8(ascii: "\"") { text = text.dropFirst().dropLast() }
        switch format {
        case .iso: return appendISO(text, to: &line)
        case .epoch: return appendEpoch(text, perSecond: 1, to: &line)
        case .epochMillis: return appendEpoch(text, perSecond: 1_000, to: &line)
        }
    }

    private static let pattern = Array("dddd-dd-ddTdd:dd:dd".utf8)

    /// Most sources write UTC already: those digits are copied; only an offset takes a conversion.
    private static func appendISO(_ text: ArraySlice<UInt8>, to line: inout [UInt8]) -> Bool {
        var end = 0
        var fraction = text[text.endIndex...]
        if hasPattern(text) {
            end = text.startIndex + 19
            if end < text.endIndex, text[end] == UInt8(ascii: ".") {
                let digits = text[(end + 1)...].prefix { isDigit($0) }
                guard !digits.isEmpty else { return false }
                fraction = text[end..<digits.endIndex]
                end = digits.endIndex
            }
            let zone = text[end...]
            if zone.isEmpty || zone.elementsEqual([UInt8(ascii: "Z")]) {
                line.append(UInt8(ascii: "\""))
                line.append(contentsOf: text[..<end])
                line.append(contentsOf: "Z\"".utf8)
                return true
            }
        }
        guard let time = Timestamp(iso8601: String(decoding: text, as: UTF8.self)) else { return false }
        line.append(contentsOf: "\"\(time.secondsText)".utf8)
        line.append(contentsOf: fraction)
        line.append(contentsOf: "Z\"".utf8)
        return true
    }

    /// Whether it begins like `2026-11-21T06:30:00`, every field in its range.
    private static func hasPattern(_ text: ArraySlice<UInt8>) -> Bool {
        guard text.count >= 19 else { return false }
        let start = text.startIndex
        for (place, wanted) in pattern.enumerated() {
            let byte = text[start + place]
            guard wanted == UInt8(ascii: "d") ? isDigit(byte) : byte == wanted else { return false }
        }
        func pair(_ at: Int) -> Int { Int(text[start + at] - 0x30) * 10 + Int(text[start + at + 1] - 0x30) }
        return (1...12).contains(pair(5)) && (1...31).contains(pair(8)) && pair(11) < 24 && pair(14) < 60
            && pair(17) <= 60
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func appendEpoch(_ text: ArraySlice<UInt8>, perSecond: Int64, to line: inout [UInt8])
        -> Bool
    {
        let whole = text.prefix { isDigit($0) }
        guard !whole.isEmpty, whole.count <= 15, let number = Int64(String(decoding: whole, as: UTF8.self))
        else {
            return false
        }
        var fraction = text[whole.endIndex...]
        if !fraction.isEmpty {
            guard fraction.first == UInt8(ascii: "."), fraction.count > 1,
                fraction.dropFirst().allSatisfy(isDigit)
            else { return false }
            fraction = fraction.dropFirst()
        }
        let seconds = number / perSecond
        guard seconds < 9_000_000_000 else { return false }
        line.append(contentsOf: "\"\(Timestamp(seconds: seconds).secondsText)".utf8)
        if perSecond > 1 {
            let millis = String(number % perSecond)
            line.append(
                contentsOf: ("." + String(repeating: "0", count: 3 - millis.utf8.count) + millis).utf8
            )
        } else if !fraction.isEmpty {
            line.append(UInt8(ascii: "."))
        }
        line.append(contentsOf: fraction)
        line.append(contentsOf: "Z\"".utf8)
        return true
    }
}
