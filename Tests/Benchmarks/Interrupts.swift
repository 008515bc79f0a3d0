// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Glibc

/// Ends the work on Ctrl-C and SIGTERM, so that no child process and no folder is left behind.
enum Interrupts {
    /// Runs `work` in a task that a signal cancels.
    static func obeying<Result: Sendable>(_ work: @escaping @Sendable () async -> Result) async -> Result {
        let task = Task { await work() }
        let sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { task.cancel() }
            source.resume()
            return source
        }
        defer { for source in sources { source.cancel() } }
        return await task.value
    }
}
