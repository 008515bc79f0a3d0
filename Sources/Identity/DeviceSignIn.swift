// SPDX-License-Identifier: Apache-2.0
package import Basics
import Connectors
package import HTTPClient
import JSON

/// How a person signs in elsewhere with a short code while we wait here: the device authorization grant (RFC 8628).
///
/// Pure: it is told what happened and says what to do next. It always ends: getting a code is tried for two minutes,
/// and a code is waited for until it ends itself, an hour at most.
package struct DeviceSignIn: Sendable {
    /// What happened.
    package enum Event: Sendable {
        /// The sign-in is to begin.
        case began
        /// The code was shown.
        case shown
        /// The wait is over.
        case waited
        /// The provider answered.
        case answered(Response)
        /// No answer came.
        case failed(Failure)
    }

    /// What to do next.
    package enum Action: Sendable {
        /// Ask for a code.
        case askForCode
        /// Show the code to the person.
        case show(Code)
        /// Wait, and say why.
        case wait(Duration, Progress)
        /// Ask whether the person has signed in, with the code that only we know.
        case askForToken(device: Secret)
        /// It is over.
        case end(Ending)
    }

    /// What is going on while a person waits.
    package enum Progress: Sendable, Equatable {
        /// The person has not signed in yet.
        case pending
        /// The provider wants to be asked less often.
        case slowedDown
        /// The provider could not be asked; it is tried again.
        case troubled(String)
    }

    private struct Pending {
        var code: Code
        var device: Secret
        var interval: Duration
        var troubles = 0
        /// Asked once more at its end, so that an approval of the last moment counts.
        var isLast = false
    }

    private enum Stage {
        case new
        case asking(until: Timestamp, tries: Int)
        case pending(Pending)
        case ended(Ending)
    }

    /// The demand it was made for.
    package let demand: Demand
    private var stage = Stage.new
    private var asked = Timestamp(seconds: 0)

    /// How long getting a code is tried.
    static let patience = Duration.minutes(2)
    /// The least that the provider's wish to be asked less often adds (RFC 8628 §3.5).
    static let slower = Duration.seconds(5)
    /// The longest wait between two questions, whatever the provider or its trouble asks for.
    static let longestWait = Duration.minutes(1)

    /// Stands before its beginning.
    package init(_ demand: Demand) { self.demand = demand }

    /// Takes what happened at `now` and says what to do; after the end it only says so again.
    package mutating func next(_ event: Event, at now: Timestamp) -> Action {
        switch stage {
        case .new:
            stage = .asking(until: now + Self.patience, tries: 0)
            asked = now
            return .askForCode
        case .asking(let until, let tries): return asking(event, until, tries, now)
        case .pending(let pending): return waiting(event, pending, now)
        case .ended(let ending): return .end(ending)
        }
    }

    // MARK: getting a code

    private mutating func asking(_ event: Event, _ until: Timestamp, _ tries: Int, _ now: Timestamp) -> Action
    {
        switch event {
        case .answered(let response):
            switch Word(response) {
            case .trouble(let words, let pause): return retry(until, tries, now, words, pause, response)
            case .error: return end(.refused(Refusal(response)))
            case .body(let body):
                guard let told = Told(body, asked: asked) else {
                    return end(.refused(Refusal(response, .malformed)))
                }
                stage = .pending(Pending(code: told.code, device: told.device, interval: told.interval))
                return .show(told.code)
            }
        case .failed(let failure):
            return retry(until, tries, now, failure.detail, nil, nil, failure)
        case .began, .shown, .waited:
            asked = now
            return .askForCode
        }
    }

    private mutating func retry(
        _ until: Timestamp,
        _ tries: Int,
        _ now: Timestamp,
        _ words: String,
        _ pause: Duration?,
        _ response: Response?,
        _ failure: Failure? = nil
    ) -> Action {
        let wait = Self.wait(doubling: .seconds(2), tries, atLeast: pause)
        guard now + wait < until else { return end(.unreachable(Refusal(response, failure))) }
        stage = .asking(until: until, tries: tries + 1)
        return .wait(wait, .troubled(words))
    }

    // MARK: waiting for the person

    private mutating func waiting(_ event: Event, _ pending: Pending, _ now: Timestamp) -> Action {
        var pending = pending
        switch event {
        case .began, .shown: return wait(pending, pending.interval, .pending, now, nil)
        case .waited:
            pending.isLast = now >= pending.code.expires
            stage = .pending(pending)
            asked = now
            return .askForToken(device: pending.device)
        case .failed(let failure):
            return troubled(&pending, now, failure.detail, nil, Refusal(nil, failure))
        case .answered(let response):
            switch Word(response) {
            case .trouble(let words, let pause):
                return troubled(&pending, now, words, pause, Refusal(response))
            case .body(let body):
                guard let grant = Grant(body, for: demand, asked: asked) else {
                    return end(.refused(Refusal(response, .malformed)))
                }
                return end(.granted(grant))
            case .error(let code, let interval):
                return answered(code, interval, response, &pending, now)
            }
        }
    }

    private mutating func answered(
        _ code: String,
        _ interval: Duration?,
        _ response: Response,
        _ pending: inout Pending,
        _ now: Timestamp
    ) -> Action {
        switch code {
        case Word.pending:
            pending.troubles = 0
            return wait(pending, pending.interval, .pending, now, Refusal(response))
        case Word.slowDown:
            pending.interval = min(max(pending.interval + Self.slower, interval ?? .zero), Self.longestWait)
            return wait(pending, pending.interval, .slowedDown, now, Refusal(response))
        case Word.expired: return end(.expired(Refusal(response)))
        case _ where demand.declinedErrors.contains(code): return end(.declined(Refusal(response)))
        default: return end(.refused(Refusal(response)))
        }
    }

    /// Each trouble in a row doubles the wait (RFC 8628 §3.5).
    private mutating func troubled(
        _ pending: inout Pending,
        _ now: Timestamp,
        _ words: String,
        _ pause: Duration?,
        _ refusal: Refusal
    ) -> Action {
        pending.troubles += 1
        let wait = Self.wait(doubling: pending.interval, pending.troubles, atLeast: pause)
        return self.wait(pending, wait, .troubled(words), now, refusal)
    }

    private mutating func wait(
        _ pending: Pending,
        _ wait: Duration,
        _ progress: Progress,
        _ now: Timestamp,
        _ refusal: Refusal?
    ) -> Action {
        guard !pending.isLast else { return end(.expired(refusal)) }
        stage = .pending(pending)
        return .wait(max(.zero, min(wait, pending.code.expires - now)), progress)
    }

    private mutating func end(_ ending: Ending) -> Action {
        stage = .ended(ending)
        return .end(ending)
    }

    private static func wait(doubling first: Duration, _ times: Int, atLeast pause: Duration?) -> Duration {
        min(max(first * (1 << min(times, 6)), pause ?? .zero), longestWait)
    }
}
