// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Glibc

/// Ends long work when a person or the system asks for it.
enum Interruption {
    /// Runs `work` until it is over or SIGINT, SIGTERM or SIGHUP comes, which cancels it; says how it ended.
    ///
    /// SIGTERM is the regular way to stop a service and so no failure; SIGINT is a person who has changed their mind.
    static func running(
        afterInterrupt: Exit = .interrupted,
        _ work: @escaping @Sendable () async throws -> Exit
    ) async throws -> Exit {
        try await withThrowingTaskGroup(of: Happening.self) { group in
            group.addTask { .over(try await work()) }
            group.addTask {
                for await signal in signals() { return .asked(signal == SIGINT ? afterInterrupt : .done) }
                throw CancellationError()
            }
            defer { group.cancelAll() }
            switch try await group.next() {
            case .over(let end)?: return end
            case .asked(let end)?:
                // Everything that counts is on the disk at any instant, so what will not end may be left.
                DispatchQueue.global().asyncAfter(deadline: .now() + patience) { @Sendable in
                    exit(end.rawValue)
                }
                group.cancelAll()
                // What the work throws on its way out is of no interest any more.
                _ = try? await group.next()
                return end
            case nil: return .done
            }
        }
    }

    private enum Happening: Sendable {
        case over(Exit)
        case asked(Exit)
    }

    /// How many seconds the work has to end in order.
    private static let patience = 4.5

    /// Whether whoever started us wants the signal ignored, as nohup does with SIGHUP.
    private static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        guard number == SIGHUP, sigaction(number, nil, &action) == 0 else { return false }
        return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
    }

    private static func signals() -> AsyncStream<Int32> {
        AsyncStream { continuation in
            let sources = [SIGINT, SIGTERM, SIGHUP].filter { !isIgnored($0) }.map { number in
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
