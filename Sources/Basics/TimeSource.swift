// SPDX-License-Identifier: Apache-2.0
import Glibc
import SwiftOverlayShims

/// Tells the time and waits, so that tests can do both without real time passing.
package protocol TimeSource: Sendable {
    /// The present instant by this machine's clock.
    var now: Timestamp { get }

    /// Waits for `duration`; throws `CancellationError` as soon as the task is cancelled.
    func sleep(for duration: Duration) async throws
}

/// The machine's own clock.
package struct SystemTime: TimeSource {
    /// Reads the real-time clock.
    package init() {}

    /// The present instant by the real-time clock.
    package var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    /// Waits in real time.
    package func sleep(for duration: Duration) async throws {
        try await Task.sleep(for: duration)
    }
}

/// The machine's clock moved by a fixed distance, for rehearsing a wrong clock.
package struct ShiftedTime: TimeSource {
    private let base: any TimeSource
    private let shift: Duration

    /// Shows `base` moved by `shift`.
    package init(_ base: any TimeSource, by shift: Duration) {
        self.base = base
        self.shift = shift
    }

    /// The shifted instant.
    package var now: Timestamp { base.now + shift }
    /// Waits as the base does; only the reading is shifted.
    package func sleep(for duration: Duration) async throws { try await base.sleep(for: duration) }
}
