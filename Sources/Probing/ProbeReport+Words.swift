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
        let failed = streams.filter { mark(ofStream: $0) == .fail }
        let open = streams.filter(wasNotTold)
        let good = streams.count - failed.count - open.count
        let untold = open.isEmpty ? "" : ", not told for \(open.joined(separator: ", "))"
        let end = " - \(stamp) - \(tally)"
        let partly = "Connection successful for \(good) of \(streams.count) streams"
        guard let failure = firstFailure else {
            if open.isEmpty { return "Connection successful" + end }
            return (good > 0 ? partly + untold : "Connection could not be looked at") + end
        }
        guard connectionCause == nil, good > 0 else {
            return "Connection failed at \(failure.stage.rawValue)" + end
        }
        return partly + ", failed at \(failure.stage.rawValue) for \(failed.joined(separator: ", "))" + untold
            + end
    }

    /// Whether a stream could not be looked at for a trouble that passes, which says nothing of it either way.
    private func wasNotTold(_ stream: String) -> Bool {
        guard mark(ofStream: stream) != .fail else { return false }
        return steps.contains { step in
            step.stream == stream && [.wait, .unknown].contains(step.mark)
                && [.throttle, .transient, .network].contains(step.faultClass)
        }
    }

    private func words(_ mark: CheckResult.Mark, _ text: String) -> String? {
        let number = count(mark)
        return number == 0 ? nil : "\(number) \(text)"
    }
}
