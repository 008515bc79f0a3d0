// SPDX-License-Identifier: Apache-2.0
import Dispatch

/// Runs an actor on a queue of its own, so that files and SQLite never hold a thread of the common pool.
package final class ThreadExecutor: SerialExecutor {
    private let queue: DispatchQueue

    /// Makes the queue; debuggers show `name`.
    package init(_ name: String) { queue = DispatchQueue(label: name, qos: .userInitiated) }

    /// Runs the job when those before it are done.
    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { @Sendable in job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }

    /// Stops the program when it is not on the queue.
    package func checkIsolated() { dispatchPrecondition(condition: .onQueue(queue)) }
}
