// SPDX-License-Identifier: Apache-2.0
package import Basics
package import Connectors

/// Holds requests back so that no source is asked more often than it allows.
///
/// A sliding window: in any stretch of a quota's period there are at most its number of requests, and as many at once.
/// Counters are shared by equal (id, scope values) across connections. Places are given out in the order of asking.
package actor Quotas {
    private struct Key: Hashable {
        let id: String
        let scope: [String]
    }

    /// The instants of the requests in a window, the future ones being places that somebody waits for.
    private struct Window {
        var places: [Timestamp] = []
        var start = 0

        var count: Int { places.count - start }

        mutating func forget(before instant: Timestamp) {
            while start < places.count, places[start] <= instant { start += 1 }
            // Moving the rest down costs only when half has lapsed.
            if start > 64, start * 2 > places.count {
                places.removeFirst(start)
                start = 0
            }
        }
    }

    private let time: any TimeSource
    private var windows: [Key: Window] = [:]
    private var seen: Timestamp

    /// Counts by `time`.
    package init(time: any TimeSource) {
        self.time = time
        seen = time.now
    }

    /// Waits until one more request fits into `quota` for these scope values, and counts it.
    ///
    /// Throws `CancellationError` when the task is cancelled meanwhile; its place is free again then.
    package func take(_ quota: Quota, for scope: [String]) async throws {
        try Task.checkCancellation()
        let key = Key(id: quota.id, scope: scope)
        let now = present()
        var window = windows[key] ?? Window()
        window.forget(before: now - quota.per)
        var place = now
        if window.count >= quota.requests {
            place = max(now, window.places[window.places.count - quota.requests] + quota.per)
        }
        window.places.append(place)
        windows[key] = window
        guard place > now else { return }
        do { try await time.sleep(for: place - now) } catch {
            let start = windows[key]?.start ?? 0
            if let index = windows[key]?.places.lastIndex(of: place), index >= start {
                windows[key]?.places.remove(at: index)
            }
            throw error
        }
    }

    /// How many counters there are; counters that nobody used for a day are dropped.
    package func tidy() -> Int {
        let now = present()
        windows = windows.filter { _, window in window.places.last.map { $0 > now - .days(1) } ?? false }
        return windows.count
    }

    /// The present instant; after a jump back of the clock all counters move with it, else they would wait for hours.
    private func present() -> Timestamp {
        let now = time.now
        if now < seen - .seconds(5) {
            let jump = seen - now
            windows = windows.mapValues { window in
                var moved = window
                moved.places = window.places.map { $0 - jump }
                return moved
            }
            seen = now
        }
        seen = max(seen, now)
        return now
    }
}
