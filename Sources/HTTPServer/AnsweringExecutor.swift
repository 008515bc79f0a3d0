// SPDX-License-Identifier: Apache-2.0
import Dispatch

/// Runs what answers requests on a queue of its own, so that a common pool that others keep busy never delays an answer.
final class AnsweringExecutor: TaskExecutor {
    private let queue = DispatchQueue(label: "headgate-answers", qos: .userInitiated)

    /// Runs the job when those before it are done.
    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { @Sendable in job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
