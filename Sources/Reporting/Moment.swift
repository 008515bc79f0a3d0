// SPDX-License-Identifier: Apache-2.0
import Basics

/// Words for instants as seen from `now`, in UTC: the nearer, the shorter.
struct Moment {
    let now: Timestamp

    /// `14:05` today, `Tue 09:10` within a week, `29 Oct 09:10` within the year, else the day.
    func words(_ instant: Timestamp) -> String {
        // `Sat, 21 Nov 2026 06:30:00 GMT`
        let parts = instant.httpDate.split(separator: " ")
        let clock = instant.clockText
        if instant.day == now.day { return clock }
        let distance = instant > now ? instant - now : now - instant
        if distance < .days(6) { return parts[0].prefix(3) + " " + clock }
        if instant.day.prefix(4) == now.day.prefix(4) || distance < .days(60) {
            return (parts[1].hasPrefix("0") ? parts[1].dropFirst() : parts[1]) + " \(parts[2]) \(clock)"
        }
        return instant.day
    }

    /// How long ago or ahead, in its largest units.
    func distance(_ instant: Timestamp) -> String { (instant > now ? instant - now : now - instant).spoken }

    /// The day and minute, for the head of a report.
    func head() -> String { now.day + " " + now.clockText + " UTC" }
}
