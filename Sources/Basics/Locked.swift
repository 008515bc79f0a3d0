// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// A value behind a lock, for the few places where C or an executor calls us from outside an actor.
package final class Locked<Value>: Sendable {
    private let mutex: Mutex<Value>

    /// Guards `value`.
    package init(_ value: sending Value) { mutex = Mutex(value) }

    /// Runs `body` with the value; never waits inside it.
    ///
    /// Not inlined, so that one line in a thread sanitizer's suppressions can name it.
    @inline(never)
    package func withLock<Result>(_ body: (inout sending Value) throws -> sending Result) rethrows
        -> sending Result
    {
        try mutex.withLock(body)
    }
}
