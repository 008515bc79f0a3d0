// SPDX-License-Identifier: Apache-2.0
import Basics

/// A clock that stands still but for waits, each of which moves it and is over at once.
final class RehearsalTime: TimeSource {
    private struct State: Sendable {
        var now: Timestamp
        var waited: Duration = .zero
        var waits = 0
    }

    /// A test that waits more often than this never ends.
    private static let most = 20_000
    private let state: Locked<State>

    init(_ now: Timestamp) { state = Locked(State(now: now)) }

    var now: Timestamp { state.withLock { $0.now } }
    /// All waits taken together.
    var waited: Duration { state.withLock { $0.waited } }
    /// Whether the play waited more often than any that ends.
    var isExhausted: Bool { state.withLock { $0.waits > Self.most } }

    func sleep(for duration: Duration) async throws {
        try Task.checkCancellation()
        let goesOn = state.withLock { state in
            let wait = max(duration, .zero)
            state.now = state.now + wait
            state.waited += wait
            state.waits += 1
            return state.waits <= Self.most
        }
        guard goesOn else { throw CancellationError() }
        await Task.yield()
    }

    /// Moves the clock without anybody waiting.
    func pass(_ duration: Duration) { state.withLock { $0.now = $0.now + max(duration, .zero) } }

    /// Moves the clock to `instant`, never back.
    func pass(to instant: Timestamp) { state.withLock { $0.now = max($0.now, instant) } }
}
