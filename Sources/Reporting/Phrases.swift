// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Status

/// The sentences of the status; tests pin each of them.
struct Phrases {
    let moment: Moment
    /// Whether a host is there to try again.
    private let isLooked: Bool

    init(_ report: StatusReport) {
        moment = Moment(now: report.evaluatedAt)
        isLooked = report.host.isLooking(now: report.evaluatedAt)
    }

    /// What the stream's state means, in one line.
    func state(of stream: StreamLine) -> String {
        let (facts, found) = (stream.facts, stream.assessment)
        switch stream.state {
        case .draft: return "set-up unfinished"
        case .pending: return pending(stream)
        case .active: return joined(caughtUp(found), newest(facts))
        case .quiet:
            guard let last = facts.lastRecordStored else {
                return joined(caughtUp(found), "never had a record")
            }
            return joined(caughtUp(found), "no records for \(moment.distance(last))")
        case .late:
            guard let lag = found.lag, lag > stream.situation.thresholds.lateAfter else {
                return joined("the last try failed", caughtUp(found))
            }
            return joined("behind by \(lag.spoken)", caughtUp(found))
        case .failing: return joined(since("not collecting", found.since), caughtUp(found))
        case .blocked: return joined(since("needs you", found.since), caughtUp(found))
        case .paused: return joined(hold("paused", stream.situation.hold), caughtUp(found))
        case .excluded: return hold("not covered (agreed)", stream.situation.hold)
        case .unknown: return joined(since("nobody is looking", found.since), caughtUp(found))
        }
    }

    /// `caught up to 14:05 (2 min ago)`, or nothing while nothing is collected yet.
    func caughtUp(_ found: Assessment) -> String? {
        found.caughtUpTo.map { "caught up to \(moment.words($0)) (\(moment.distance($0)) ago)" }
    }

    /// What is being lost, or will be and when; `nil` while the deadline is far and nothing is wrong.
    func loss(_ stream: StreamLine) -> String? {
        let found = stream.assessment
        if let since = found.losingSince { return "data is being lost since \(moment.words(since))" }
        guard let at = found.lossAt else { return nil }
        if at <= moment.now { return "data is being lost since \(moment.words(at))" }
        let collects = stream.state == .active || stream.state == .quiet || stream.state == .pending
        guard !collects else { return nil }
        return "data starts to be lost \(moment.words(at)) (in \(moment.distance(at)))"
    }

    /// Gaps, waiting items and history, where there are any.
    func remarks(_ stream: StreamLine) -> [String] {
        var remarks: [String] = []
        let (gaps, items) = (stream.situation.gapsOpen, stream.situation.itemsPending)
        if gaps > 0 { remarks.append(gaps == 1 ? "1 gap open" : "\(gaps) gaps open") }
        if items > 0 { remarks.append(items == 1 ? "1 item tried again" : "\(items) items tried again") }
        if let from = stream.facts.historyFrom, let kept = stream.facts.keptBecauseOfUs, kept > from {
            if stream.state != .excluded {
                remarks.append("the source kept no history for us from before \(moment.words(kept))")
            }
        } else if let from = stream.facts.historyFrom, stream.state != .excluded {
            let done = stream.facts.historyDoneTo.flatMap { $0 > from ? $0 : nil }
            remarks.append(
                "history from \(moment.words(from))"
                    + (done.map { " fetched to \(moment.words($0))" } ?? " to come")
            )
        }
        if let selected = stream.selected {
            remarks.append(
                "by choice \(selected.dropped24h) left out and \(selected.redacted24h) blackened in 24 hours"
            )
        }
        return remarks
    }

    /// The cause with its code, and when it is tried again.
    func cause(_ cause: Cause, nextTry: Timestamp?) -> String {
        // A sentence goes on here.
        var text = cause.message.hasSuffix(".") ? String(cause.message.dropLast()) : cause.message
        if let code = cause.code, !text.contains(code) { text += " (\(code))" }
        if cause.faultClass.isBlocking, !cause.confirmed { text += ", not yet confirmed" }
        if nextTry != nil, !isLooked {
            text += ", tried again when a host runs"
        } else if let nextTry {
            text += nextTry > moment.now ? ", next try \(moment.words(nextTry))" : ", trying again now"
        }
        return text
    }

    /// That nobody looks just now, and since when; `nil` where a host is there or none is expected.
    func absence(_ host: HostFacts, isUnknown: Bool) -> String? {
        if let ended = host.endedAt, host.mode == .run {
            return "the host was stopped \(moment.words(ended)) (\(moment.distance(ended)) ago)"
        }
        guard isUnknown, let tick = host.lastTick else { return nil }
        return
            "Headgate itself is not looking: last look \(moment.words(tick)) (\(moment.distance(tick)) ago)"
    }

    /// That a person lets what is wrong stand, until when and why.
    func letStand(_ ack: Ack) -> String {
        "let stand until \(ack.until.day) by \(ack.by): \(ack.reason)"
    }

    /// That a credential has ended or ends soon, and what to run; `nil` where there is nothing to be said of it.
    func credential(_ credential: CredentialLine) -> String? {
        guard let end = credential.expiresAt, let warning = credential.warning else { return nil }
        let source =
            switch credential.source {
            case .declared: " (as declared)"
            case .verified: " (verified)"
            case .unknown: ""
            }
        let words =
            warning.hasEnded
            ? "the \(credential.kind) expired \(moment.words(end))\(source)"
            : "the \(credential.kind) expires \(moment.words(end)), in \(moment.distance(end))\(source)"
        return "\(words) - \(warning.next)"
    }

    private func pending(_ stream: StreamLine) -> String {
        guard stream.facts.wholeCycles > 0 else {
            let by = stream.assessment.firstDataBy
            if stream.assessment.cause != nil { return "the first pass failed" }
            let isSeen = stream.facts.lastAttempt != nil
            return (isSeen ? "nothing due yet" : "waiting for the first pass")
                + (by.map { ", first data by \(moment.words($0))" } ?? "")
        }
        let by = stream.assessment.firstDataBy.map { ", by \(moment.words($0))" } ?? ""
        return joined("waiting for first data" + by, caughtUp(stream.assessment))
    }

    private func newest(_ facts: StreamFacts) -> String? {
        facts.lastRecordEvent.map { "newest event \(moment.words($0))" }
    }

    private func since(_ words: String, _ instant: Timestamp?) -> String {
        instant.map { "\(words) since \(moment.words($0))" } ?? words
    }

    private func hold(_ words: String, _ hold: Hold?) -> String {
        guard let hold else { return words }
        let until = hold.until.map { " until \(moment.words($0))" } ?? ""
        return "\(words) by \(hold.by)\(until): \(hold.reason)"
    }

    private func joined(_ parts: String?...) -> String { parts.compactMap { $0 }.joined(separator: " - ") }
}
