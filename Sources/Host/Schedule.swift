// SPDX-License-Identifier: Apache-2.0
package import Basics
package import Status

/// Says which streams are due, and keeps them apart so that many tenants never start at the same instant.
///
/// A pure value: the host asks it, starts what it names, and tells it how each ended.
package struct Schedule: Sendable {
    /// What the schedule knows of one stream.
    private struct Entry: Sendable {
        var due: Timestamp
        var interval: Duration
        var isRunning = false
        /// Whether it was hurried while it ran, when it may have begun without what is new.
        var isHurried = false
    }

    private var entries: [StreamKey: Entry] = [:]

    /// Starts without any stream.
    package init() {}

    /// The streams known.
    package var streams: Set<StreamKey> { Set(entries.keys) }

    /// How many streams are running now.
    package var running: Int { entries.values.count { $0.isRunning } }

    /// Takes a stream up, or changes its interval; one that is known keeps its time.
    ///
    /// A new stream is due at `first`; where that is past, within the first tenth of its interval, at a place that
    /// its name decides, so that a restart with ten thousand tenants spreads its first minute.
    package mutating func keep(_ stream: StreamKey, interval: Duration, first: Timestamp?, now: Timestamp) {
        if entries[stream] != nil {
            entries[stream]?.interval = interval
            return
        }
        let spread = entries.count < 32 ? Duration.zero : interval / 10 * stream.fraction
        entries[stream] = Entry(due: max(first ?? now, now) + spread, interval: interval)
    }

    /// Lets a stream go; one that runs is forgotten when it ends.
    package mutating func drop(_ stream: StreamKey) { entries[stream] = nil }

    /// Makes a stream due at once, such as after a person changed something; one that runs, as soon as it ends well.
    package mutating func hurry(_ stream: StreamKey, now: Timestamp) {
        entries[stream]?.due = now
        if entries[stream]?.isRunning == true { entries[stream]?.isHurried = true }
    }

    /// Takes up to `most` streams that are due, those that have waited longest first, and counts them as running.
    package mutating func start(now: Timestamp, most: Int) -> [StreamKey] {
        let due = entries.filter { !$0.value.isRunning && $0.value.due <= now }
            .sorted { ($0.value.due, $0.key) < ($1.value.due, $1.key) }
            .prefix(max(0, most))
            .map(\.key)
        for stream in due { entries[stream]?.isRunning = true }
        return due
    }

    /// Notes that a stream's cycle ended; `next` is when it wants to be asked again, its interval otherwise.
    package mutating func ended(_ stream: StreamKey, at now: Timestamp, next: Timestamp?) {
        guard let entry = entries[stream] else { return }
        entries[stream]?.isRunning = false
        entries[stream]?.isHurried = false
        entries[stream]?.due = next ?? (entry.isHurried ? now : now + entry.interval)
    }

    /// When the next stream becomes due; `nil` when none will.
    package var nextDue: Timestamp? {
        entries.values.filter { !$0.isRunning }.map(\.due).min()
    }
}

extension StreamKey {
    /// A number from 0 up to 1 that is always the same for a name (FNV-1a).
    fileprivate var fraction: Double {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in description.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return Double(hash >> 11) / Double(1 << 53)
    }
}
