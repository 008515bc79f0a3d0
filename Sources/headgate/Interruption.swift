// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Glibc

/// Ends long work when a person or the system asks for it.
enum Interruption {
    /// Runs `work` until it is over or SIGINT or SIGTERM comes, which cancels it; says how it ended.
    ///
    /// SIGTERM is the regular way to stop a service and so no failure; SIGINT is a person who has changed their mind.
    static func running(
        afterInterrupt: Exit = .interrupted,
        _ work: @escaping @Sendable () async throws -> Exit
    ) async throws -> Exit {
        try await withThrowingTaskGroup(of: Exit?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                for await signal in signals() { return signal == SIGTERM ? .done : afterInterrupt }
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next() else { return .done }
            group.cancelAll()
            // After a signal the work gets its chance to end in order; only what it then throws is of no interest.
            if let last = try? await group.next(), first == nil { return last ?? .done }
            return first ?? .done
        }
    }

    private static func signals() -> AsyncStream<Int32> {
        AsyncStream { continuation in
            let sources = [SIGINT, SIGTERM].map { number in
                signal(number, SIG_IGN)
                let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
                source.setEventHandler { @Sendable in continuation.yield(number) }
                source.activate()
                return SignalSource(source: source)
            }
            continuation.onTermination = { _ in
                for item in sources { item.source.cancel() }
            }
        }
    }
}

private struct SignalSource: @unchecked Sendable /* libdispatch's objects may be used from any thread */ {
    let source: any DispatchSourceSignal
}
