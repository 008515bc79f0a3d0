// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Names one exchange, so that it can be cancelled before, while and after it is started.
final class Ticket:
    @unchecked Sendable /* the flag is atomic, the handle is touched on the loop's thread only */
{
    private let flag = Atomic<Bool>(false)
    /// The exchange's handle while it is under way.
    var handle: UnsafeMutableRawPointer?

    var isCancelled: Bool { flag.load(ordering: .acquiring) }

    /// Marks the exchange as cancelled; the loop must still be told.
    func cancel() { flag.store(true, ordering: .releasing) }
}
