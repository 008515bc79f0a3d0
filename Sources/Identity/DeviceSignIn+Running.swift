// SPDX-License-Identifier: Apache-2.0
package import Basics
package import HTTPClient

extension DeviceSignIn {
    /// Carries a person's sign-in through to its end.
    ///
    /// It takes two minutes and the life of one code at most, an hour. What is held of it is held in memory only.
    ///
    /// - Parameters:
    ///   - demand: What is asked for.
    ///   - transport: What carries the requests.
    ///   - time: What waits.
    ///   - show: Shows the code; called once, before the first wait.
    ///   - progress: Hears what is going on, before each wait.
    /// - Returns: What came of it.
    /// - Throws: `CancellationError` as soon as the task is cancelled, and what `show` throws.
    package static func run(
        _ demand: Demand,
        over transport: any Transport,
        time: any TimeSource,
        show: (Code) async throws -> Void,
        progress: (Progress) async -> Void = { _ in }
    ) async throws -> Ending {
        var machine = DeviceSignIn(demand)
        var action = machine.next(.began, at: time.now)
        var held: Secret?
        defer { held?.reveal { Redaction.shared.forget($0) } }
        while true {
            try Task.checkCancellation()
            let event: Event
            switch action {
            case .askForCode: event = try await answer(demand.codeRequest, transport)
            case .askForToken(let device):
                held = device
                event = try await answer(try demand.tokenRequest(device), transport)
            case .show(let code):
                try await show(code)
                event = .shown
            case .wait(let wait, let why):
                await progress(why)
                try await time.sleep(for: wait)
                event = .waited
            case .end(let ending): return ending
            }
            action = machine.next(event, at: time.now)
        }
    }

    private static func answer(_ request: Request, _ transport: any Transport) async throws -> Event {
        do { return .answered(try await transport.send(request)) } catch let failure as Failure {
            // Only the end of the whole program stops the client.
            guard failure.code != .stopped else { throw CancellationError() }
            return .failed(failure)
        }
    }
}
