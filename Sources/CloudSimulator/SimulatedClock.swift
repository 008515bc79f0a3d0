// SPDX-License-Identifier: Apache-2.0
package import Basics

/// The simulated cloud's clock: the machine's own, moved by an offset, or standing still.
package final class SimulatedClock: TimeSource {
    private let base: any TimeSource
    private let setting: Locked<(offset: Duration, frozen: Timestamp?)>

    /// A clock over `base` that is moved by `offset`, or that stands at `frozen`.
    package init(base: any TimeSource = SystemTime(), offset: Duration = .zero, frozen: Timestamp? = nil) {
        self.base = base
        setting = Locked((offset, frozen))
    }

    /// The simulated instant.
    package var now: Timestamp {
        let (offset, frozen) = setting.withLock { $0 }
        return frozen ?? base.now + offset
    }

    /// How far the clock is ahead of the machine's.
    package var offset: Duration { now - base.now }

    /// Whether the clock stands still.
    package var isFrozen: Bool { setting.withLock { $0.frozen != nil } }

    /// Waits for real time, whatever the clock shows.
    package func sleep(for duration: Duration) async throws { try await base.sleep(for: duration) }

    /// Makes the clock run `offset` ahead of the machine's.
    package func set(offset: Duration) { setting.withLock { $0 = (offset, nil) } }

    /// Makes the clock show `instant`; it goes on from there unless it stands still.
    package func set(to instant: Timestamp) {
        let ahead = instant - base.now
        setting.withLock { $0 = (ahead, $0.frozen == nil ? nil : instant) }
    }

    /// Moves the clock, standing or running.
    package func advance(by step: Duration) {
        setting.withLock { $0 = ($0.offset + step, $0.frozen.map { $0 + step }) }
    }

    /// Stops the clock where it is.
    package func freeze() {
        let instant = now
        setting.withLock { $0.frozen = instant }
    }

    /// Lets a stopped clock go on from where it stands.
    package func thaw() {
        guard isFrozen else { return }
        let ahead = offset
        setting.withLock { $0 = (ahead, nil) }
    }

    /// The machine's own instant, for limits that must not stand still with the clock.
    var real: Timestamp { base.now }
}
