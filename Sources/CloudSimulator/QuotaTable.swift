// SPDX-License-Identifier: Apache-2.0
import Basics

/// Counts requests against what a service allows, in real time.
struct QuotaTable: Sendable {
    /// How a fixed window stands.
    struct Window: Sendable {
        var limit: Int
        var used: Int
        var left: Duration
        var remaining: Int { max(0, limit - used) }
        var isOver: Bool { used > limit }
    }

    private var times: [String: [Timestamp]] = [:]
    private var windows: [String: (began: Timestamp, used: Int)] = [:]

    /// Counts a request in a sliding window and answers how long to wait if it is one too many; 0 allows any number.
    ///
    /// Refused requests count as well.
    mutating func wait(_ key: String, _ limit: Int, per period: Duration, at now: Timestamp) -> Duration? {
        guard limit > 0 else { return nil }
        var recent = (times[key] ?? []).filter { $0 > now - period && $0 <= now }
        recent.append(now)
        // More are not needed to know how long to wait.
        if recent.count > 2 * limit + 16 { recent.removeFirst(recent.count - limit - 1) }
        times[key] = recent
        guard recent.count > limit else { return nil }
        return recent[recent.count - limit] + period - now
    }

    /// Counts a request in a window that begins with its first request; 0 allows any number.
    mutating func count(_ key: String, _ limit: Int, per period: Duration, at now: Timestamp) -> Window? {
        guard limit > 0 else { return nil }
        var window = windows[key] ?? (now, 0)
        if now >= window.began + period || now < window.began { window = (now, 0) }
        window.used += 1
        windows[key] = window
        return Window(limit: limit, used: window.used, left: window.began + period - now)
    }
}
