// SPDX-License-Identifier: Apache-2.0
package import Basics

/// Everything kept of one stream that its state is made of; the evaluator sees nothing else of the past.
///
/// Collecting moves the facts with the `note…` functions and hands the whole value to the committer with the batch
/// that made them true. Times of our own doing are on this machine's clock.
package struct StreamFacts: Sendable, Equatable {
    /// When the connection was accepted; `nil` for a draft.
    package var acceptedAt: Timestamp?
    /// Where coverage begins; the watermark starts here.
    package var coveredFrom: Timestamp?
    /// Since when the source keeps anything for us, where it keeps nothing before a step succeeded.
    package var keptSince: Timestamp?
    /// Since when data is being lost for good, where the source keeps nothing for us now.
    package var losingSince: Timestamp?

    package var lastAttempt: Timestamp?
    /// The end of the last whole cycle.
    package var lastSuccess: Timestamp?
    package var wholeCycles = 0
    /// The event time of the newest record stored.
    package var lastRecordEvent: Timestamp?
    /// When a record was last stored.
    package var lastRecordStored: Timestamp?
    package var firstRecordStored: Timestamp?
    package var everHadRecord = false
    /// Records stored since they are counted, all in all.
    package var records = 0
    /// Records stored by the hour, the last day's hours only; the key counts hours from 1970.
    package var hours: [Int64: Int] = [:]
    /// Records left out by the connection's choice, by the hour as in ``hours``.
    package var droppedHours: [Int64: Int] = [:]
    /// Records stored with blackened fields, by the hour as in ``hours``.
    package var redactedHours: [Int64: Int] = [:]
    /// The longest silence that ended on a day, the last 28 days only; the key counts days from 1970.
    package var silences: [Int64: Duration] = [:]

    /// The watermark when it last moved, and when that was.
    package var watermark: Timestamp?
    package var watermarkMoved: Timestamp?

    package var consecutiveFailures = 0
    /// The first failure of the present run.
    package var failingSince: Timestamp?
    /// What the newest cycle failed of; `nil` after a whole one.
    package var cause: Cause?
    /// A cause that a whole cycle does not clear, such as a record saying that auditing was switched off.
    package var standing: Cause?
    package var nextTry: Timestamp?
    /// The first of the `auth` answers that wait to be confirmed.
    package var authDoubted: Timestamp?
    /// The first of the `license` answers that wait to be confirmed.
    package var licenseDoubted: Timestamp?
    /// The version of the credential with which a whole cycle last succeeded.
    package var goodCredential: String?

    /// The source's clock less ours.
    package var skew: Duration = .zero
    /// When a preparing step with a side effect was last tried, by the step's id; written before the request.
    package var startedAt: [String: Timestamp] = [:]
    /// Where coverage begins in truth: the source kept nothing for us between its beginning and then.
    package var historyKept: Timestamp?
    /// How far closed spans have been listed once more.
    package var relistedTo: Timestamp?
    package var historyFrom: Timestamp?
    package var historyDoneTo: Timestamp?
    /// Until when a person has said that silence is fine.
    package var quietUntil: Timestamp?
    /// When a pause ended.
    package var resumedAt: Timestamp?

    /// Puts it together from its parts.
    package init() {}

    /// Since when the source keeps anything for us, where it began because we asked it to.
    package var keptBecauseOfUs: Timestamp? { startedAt.isEmpty ? nil : keptSince }

    /// The newest minute of history that is stored; `nil` before the first, and where the source kept none for us.
    package var historyStored: Timestamp? {
        guard let from = historyFrom, let done = historyDoneTo, done > max(from, keptBecauseOfUs ?? from)
        else {
            return nil
        }
        return done
    }

    /// Since when coverage is more than the word that the source kept nothing for us.
    package var storedFrom: Timestamp? { coveredFrom.map { max($0, historyKept ?? $0) } }

    /// Records stored in the last 24 hours, counted in whole hours.
    package func records24h(now: Timestamp) -> Int { Self.sum(hours, now) }

    /// Records left out in the last 24 hours, counted in whole hours.
    package func dropped24h(now: Timestamp) -> Int { Self.sum(droppedHours, now) }

    /// Records stored with blackened fields in the last 24 hours, counted in whole hours.
    package func redacted24h(now: Timestamp) -> Int { Self.sum(redactedHours, now) }

    private static func sum(_ hours: [Int64: Int], _ now: Timestamp) -> Int {
        let oldest = now.hourNumber - 23
        return hours.reduce(0) { $1.key >= oldest ? $0 + $1.value : $0 }
    }
}

extension Timestamp {
    /// Whole hours since 1970.
    var hourNumber: Int64 { rounded(downTo: .hours(1)).seconds / 3_600 }
    /// Whole days since 1970.
    var dayNumber: Int64 { rounded(downTo: .days(1)).seconds / 86_400 }
}
