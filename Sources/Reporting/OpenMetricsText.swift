// SPDX-License-Identifier: Apache-2.0
import Basics

/// Text in the form of OpenMetrics 1.0, which Prometheus reads too.
struct OpenMetricsText {
    /// What a family's numbers mean.
    enum Kind: String { case gauge, counter, info }

    /// One number with its labels, in order.
    struct Sample {
        let labels: [(String, String)]
        let value: String

        init(_ labels: [(String, String)], _ value: Int64) {
            (self.labels, self.value) = (labels, String(value))
        }

        /// An instant as seconds since 1970, to the millisecond.
        init(_ labels: [(String, String)], _ instant: Timestamp) {
            let milliseconds = instant.nanoseconds / 1_000_000
            let rest = String(milliseconds % 1_000)
            let fraction = String(repeating: "0", count: 3 - rest.count) + rest
            (self.labels, value) = (labels, "\(milliseconds / 1_000).\(fraction)")
        }
    }

    private(set) var lines: [String] = []

    /// Writes a family with its samples; one without samples is left out.
    mutating func add(_ name: String, _ kind: Kind, unit: String? = nil, help: String, _ samples: [Sample]) {
        guard !samples.isEmpty else { return }
        lines.append("# TYPE \(name) \(kind.rawValue)")
        if let unit { lines.append("# UNIT \(name) \(unit)") }
        lines.append("# HELP \(name) \(Self.escaped(help))")
        let suffix =
            switch kind {
            case .gauge: ""
            case .counter: "_total"
            case .info: "_info"
            }
        for sample in samples {
            let labels = sample.labels.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
            lines.append(name + suffix + (labels.isEmpty ? "" : "{\(labels)}") + " " + sample.value)
        }
    }

    /// Ends the text.
    mutating func end() { lines.append("# EOF") }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
