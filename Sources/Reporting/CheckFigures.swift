// SPDX-License-Identifier: Apache-2.0
import Basics
import Status

/// The figures behind a check's line: `label=value[unit];warning;critical;least`.
struct CheckFigures {
    private let subjects: [CheckSubject]
    private let now: Timestamp

    init(_ subjects: [CheckSubject], now: Timestamp) {
        self.subjects = subjects
        self.now = now
    }

    /// What a graph is drawn of: the greatest lag with the limits of its stream, the sums of records and gaps, and the
    /// seconds left until data is lost or a credential ends, less than none when they have passed.
    var words: String {
        let streams = subjects.flatMap(\.streams).filter { $0.state != .excluded && $0.state != .draft }
        var figures: [String] = []
        if let slowest = streams.filter({ $0.assessment.lag != nil }).max(by: { lag(of: $0) < lag(of: $1) }) {
            let limits = slowest.situation.thresholds
            figures.append(
                "lag=\(lag(of: slowest))s;\(limits.lateAfter.wholeSeconds);\(limits.failAfter.wholeSeconds);0"
            )
        }
        figures.append("records24h=\(streams.reduce(0) { $0 + $1.records24h });;;0")
        figures.append("gaps=\(streams.reduce(0) { $0 + $1.situation.gapsOpen });;;0")
        if let loss = streams.compactMap(\.assessment.lossAt).min() {
            figures.append("loss=\((loss - now).wholeSeconds)s")
        }
        if let end = subjects.compactMap({ $0.credential?.expiresAt }).min() {
            figures.append("expiry=\((end - now).wholeSeconds)s")
        }
        return figures.joined(separator: " ")
    }

    private func lag(of stream: StreamLine) -> Int64 { stream.assessment.lag?.wholeSeconds ?? 0 }
}
