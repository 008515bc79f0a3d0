// SPDX-License-Identifier: Apache-2.0

extension [Double] {
    /// The value in the middle; of two, the mean.
    var median: Double {
        let sorted = sorted()
        guard !sorted.isEmpty else { return .nan }
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}

extension [Sample] {
    /// The median of the walls and of the processor times, and the largest peak.
    var typical: Sample {
        Sample(wall: map(\.wall).median, cpu: map(\.cpu).median, peak: map(\.peak).max() ?? 0, exit: 0)
    }
}

extension Double {
    /// With so many digits behind the point.
    func text(_ digits: Int) -> String {
        guard isFinite else { return "-" }
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let whole = Int((self * scale).rounded().magnitude)
        let sign = self < 0 && whole > 0 ? "-" : ""
        guard digits > 0 else { return sign + String(whole) }
        let padded =
            String(repeating: "0", count: Swift.max(0, digits + 1 - String(whole).count)) + String(whole)
        return sign + padded.dropLast(digits) + "." + padded.suffix(digits)
    }
}

extension Int {
    /// As megabytes of memory.
    var megabytes: String { (Double(self) / 1_048_576).text(0) + " MB" }

    /// With the thousands set apart.
    var grouped: String {
        var text = ""
        for (place, digit) in String(self).reversed().enumerated() {
            if place > 0, place % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return String(text.reversed())
    }
}
