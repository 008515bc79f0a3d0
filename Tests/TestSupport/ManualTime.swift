// SPDX-License-Identifier: Apache-2.0
package import Basics
import Synchronization

/// A clock that stands still until a test moves it; sleepers wake when it passes their hour.
package final class ManualTime: TimeSource {
    private struct Sleeper {
        let until: Timestamp
        let continuation: CheckedContinuation<Void, any Error>
    }
    private struct State {
        var now: Timestamp
        var next = 0
        var sleepers: [Int: Sleeper] = [:]
        var cancelled: Set<Int> = []
        var slept: [Duration] = []
    }

    private let state: Mutex<State>
    private let runsAhead: Bool

    /// Starts at `now`; with `runsAhead` a sleep moves the clock itself and returns at once.
    package init(_ now: Timestamp, runsAhead: Bool = false) {
        state = Mutex(State(now: now))
        self.runsAhead = runsAhead
    }

    /// Where the clock stands.
    package var now: Timestamp { state.withLock { $0.now } }

    /// Every wait that was asked for, in order.
    package var slept: [Duration] { state.withLock { $0.slept } }

    /// How many are waiting.
    package var waiting: Int { state.withLock { $0.sleepers.count } }

    /// Moves the clock and wakes everybody whose hour has come.
    package func advance(by duration: Duration) {
        let woken = state.withLock { state in
            state.now = state.now + duration
            let due = state.sleepers.filter { $0.value.until <= state.now }
            for key in due.keys { state.sleepers[key] = nil }
            return due.values.map(\.continuation)
        }
        for continuation in woken { continuation.resume() }
    }

    /// Waits until the clock has been moved far enough.
    package func sleep(for duration: Duration) async throws {
        try Task.checkCancellation()
        if runsAhead {
            state.withLock {
                $0.slept.append(duration)
                $0.now = $0.now + max(duration, .zero)
            }
            await Task.yield()
            return
        }
        let ticket = state.withLock { state in
            state.next += 1
            state.slept.append(duration)
            return state.next
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation {
                (continuation: CheckedContinuation<Void, any Error>) in
                enum Outcome { case waits, due, cancelled }
                let outcome = state.withLock { state -> Outcome in
                    // Cancelled before it was registered: the handler has left its mark.
                    if state.cancelled.remove(ticket) != nil { return .cancelled }
                    guard duration > .zero else { return .due }
                    state.sleepers[ticket] = Sleeper(until: state.now + duration, continuation: continuation)
                    return .waits
                }
                switch outcome {
                case .waits: break
                case .due: continuation.resume()
                case .cancelled: continuation.resume(throwing: CancellationError())
                }
            }
        } onCancel: {
            let sleeper = state.withLock { state in
                let sleeper = state.sleepers.removeValue(forKey: ticket)
                if sleeper == nil { state.cancelled.insert(ticket) }
                return sleeper
            }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }
}
