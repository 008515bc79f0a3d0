// SPDX-License-Identifier: Apache-2.0
package import Basics
package import Connectors

extension StreamFacts {
    /// How long after a first `auth` answer a second one confirms it.
    package static let authDoubt = Duration.minutes(5)

    /// Notes that a cycle begins.
    package mutating func noteAttempt(at now: Timestamp) { lastAttempt = now }

    /// Notes a whole cycle: everything due was listed, fetched and stored, with this version of the credential.
    package mutating func noteSuccess(at now: Timestamp, credential: String?) {
        lastSuccess = now
        wholeCycles += 1
        consecutiveFailures = 0
        failingSince = nil
        cause = nil
        losingSince = nil
        nextTry = nil
        authDoubted = nil
        licenseDoubted = nil
        goodCredential = credential ?? goodCredential
    }

    /// Notes that a cycle failed, and decides whether its class is beyond doubt.
    ///
    /// An `auth` answer is believed at once while no whole cycle has succeeded with this credential; later it needs a
    /// second one, at least five minutes after the first and with a fresh token. A `license` answer alone proves
    /// nothing, since sources give it to holders too: the list of plans decides (`isLicensed`), and where none was read
    /// a second answer at least five minutes later. `losing` says that the source keeps nothing for us while it answers
    /// so, and since when.
    package mutating func noteFailure(
        _ faultClass: FaultClass,
        code: String? = nil,
        message: String,
        remedy: Remedy? = nil,
        at now: Timestamp,
        credential: String? = nil,
        freshToken: Bool = false,
        isLicensed: Bool? = nil,
        losing: Timestamp? = nil,
        nextTry: Timestamp? = nil
    ) {
        consecutiveFailures += 1
        failingSince = failingSince ?? now
        self.nextTry = nextTry
        var confirmed = true
        if faultClass != .license { licenseDoubted = nil }
        if faultClass == .license {
            let first = licenseDoubted ?? now
            licenseDoubted = first
            let already = cause?.faultClass == .license && cause?.confirmed == true
            confirmed = isLicensed.map { !$0 } ?? (already || now - first >= Self.authDoubt)
        }
        if faultClass == .auth {
            let first = authDoubted ?? now
            authDoubted = first
            let proven = goodCredential != nil && goodCredential == credential
            let already = cause?.faultClass == .auth && cause?.confirmed == true
            confirmed = !proven || already || (freshToken && now - first >= Self.authDoubt)
        } else {
            authDoubted = nil
        }
        let since = cause?.faultClass == faultClass ? cause?.since ?? now : now
        cause = Cause(
            faultClass: faultClass,
            code: code,
            message: message,
            since: since,
            confirmed: confirmed,
            remedy: remedy
        )
        if faultClass == .enablement || faultClass == .subscription {
            losingSince = losingSince ?? losing
        }
    }

    /// Notes that a plan appeared for want of which the stream was left out: it begins now.
    package mutating func noteLicense(at now: Timestamp) {
        acceptedAt = now
        resumedAt = now
        cause = nil
        failingSince = nil
        consecutiveFailures = 0
        nextTry = nil
        licenseDoubted = nil
    }

    /// Weighs a `license` cause against the list of plans, and says whether that changed anything.
    ///
    /// A list that lacks the plan confirms it; one that shows the plan makes it a doubt, looked at again at once.
    package mutating func weighLicense(_ isLicensed: Bool, at now: Timestamp) -> Bool {
        guard var known = cause, known.faultClass == .license, known.confirmed == isLicensed else {
            return false
        }
        known.confirmed = !isLicensed
        cause = known
        if isLicensed { nextTry = now }
        return true
    }

    /// Notes `count` records stored just now.
    package mutating func noteRecords(_ count: Int, newestEvent: Timestamp?, at now: Timestamp) {
        guard count > 0 else { return }
        let day = now.dayNumber
        if let last = lastRecordStored, now > last {
            silences[day] = max(silences[day] ?? .zero, now - last)
            silences = silences.filter { $0.key > day - 28 }
        }
        records += count
        hours[now.hourNumber, default: 0] += count
        hours = hours.filter { $0.key > now.hourNumber - 24 }
        firstRecordStored = firstRecordStored ?? now
        lastRecordStored = max(lastRecordStored ?? now, now)
        if let newestEvent { lastRecordEvent = max(lastRecordEvent ?? newestEvent, newestEvent) }
        everHadRecord = true
    }

    /// Notes records that were left out, and stored ones with blackened fields, by the connection's choice.
    package mutating func noteSelection(dropped: Int, redacted: Int, at now: Timestamp) {
        let hour = now.hourNumber
        if dropped > 0 {
            droppedHours[hour, default: 0] += dropped
            droppedHours = droppedHours.filter { $0.key > hour - 24 }
        }
        if redacted > 0 {
            redactedHours[hour, default: 0] += redacted
            redactedHours = redactedHours.filter { $0.key > hour - 24 }
        }
    }

    /// Notes the watermark as computed just now; only a move counts.
    package mutating func noteWatermark(_ mark: Timestamp, at now: Timestamp) {
        guard mark != watermark else { return }
        watermark = mark
        watermarkMoved = now
    }
}
