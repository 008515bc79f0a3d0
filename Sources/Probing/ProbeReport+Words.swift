// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors

extension ProbeReport {
    /// `9 passed, 1 failed, 2 not run`.
    package var tally: String {
        let passed = count(.pass) + count(.passEmpty)
        let parts = [
            "\(passed) passed", words(.fail, "failed"),
            words(.warn, count(.warn) == 1 ? "warning" : "warnings"),
            words(.wait, "waiting"), words(.unknown, "not known"), words(.skip, "not run"),
        ]
        return parts.compactMap { $0 }.joined(separator: ", ")
    }

    /// The answer in one line, with its time stamp and, where it failed, the stage.
    package var headline: String {
        let stamp = at.secondsText.split(separator: "T").joined(separator: " ") + " UTC"
        guard let failure = firstFailure else { return "Connection successful - \(stamp) - \(tally)" }
        let failed = streams.filter { mark(ofStream: $0) == .fail }
        guard connectionCause == nil, failed.count < streams.count else {
            return "Connection failed at \(failure.stage.rawValue) - \(stamp) - \(tally)"
        }
        return
            "Connection successful for \(streams.count - failed.count) of \(streams.count) streams, failed at "
            + "\(failure.stage.rawValue) for \(failed.joined(separator: ", ")) - \(stamp) - \(tally)"
    }

    private func words(_ mark: CheckResult.Mark, _ text: String) -> String? {
        let number = count(mark)
        return number == 0 ? nil : "\(number) \(text)"
    }
}
