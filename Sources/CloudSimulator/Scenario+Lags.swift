// SPDX-License-Identifier: Apache-2.0
import JSON

extension Scenario {
    /// How long something new stays unknown: for a time, and then to some of those who ask.
    package struct Lag: Sendable, Equatable {
        /// How long nobody knows it, by the simulated clock.
        package var wait: Duration
        /// Which of the asks after that meet it unknown: `x` does, `.` does not; all later ones know it.
        package var rhythm: String

        /// Unknown for `wait` and to the next `asks` asks.
        package init(wait: Duration = .zero, asks: Int = 0) {
            self.wait = wait
            rhythm = String(repeating: "x", count: max(0, asks))
        }

        /// Unknown to the asks that `rhythm` marks, so that it may come and go at first.
        package init(wait: Duration = .zero, rhythm: String) {
            self.wait = wait
            self.rhythm = rhythm
        }

        /// Known at once.
        package static let none = Lag()
    }

    /// How long what is made in the directory stays unknown; what a scenario declares is known from the start.
    package struct Lags: Sendable, Equatable {
        /// An application, to those who make its service principal or consent to it.
        package var application = Lag(asks: 1)
        /// A service principal, to the token endpoint.
        package var principal = Lag.none
        /// A secret, to the token endpoint.
        package var secret = Lag(asks: 1)
        /// A certificate, to the token endpoint.
        package var certificate = Lag(asks: 1)
        /// A federated credential, to the token endpoint.
        package var federation = Lag(asks: 1)
        /// A granted role, in tokens.
        package var grant = Lag(asks: 1)
        /// A role that an admin consented to, in tokens.
        package var consent = Lag(asks: 1)

        /// The usual lags: each new thing is unknown to the first that asks.
        package init() {}

        /// Everything is known at once.
        package static var none: Lags {
            var lags = Lags()
            (lags.application, lags.secret, lags.certificate) = (.none, .none, .none)
            (lags.federation, lags.grant, lags.consent) = (.none, .none, .none)
            return lags
        }
    }
}

extension Scenario.Lag {
    /// Reads a number of asks, a duration, or an object with `wait` and either `asks` or `rhythm`.
    static func read(_ from: Reading) throws(SimulatorFailure) -> Scenario.Lag {
        if let number = from.value.int64 {
            guard (0...10_000).contains(number) else { throw from.failure("expected 0 to 10000 asks") }
            return Scenario.Lag(asks: Int(number))
        }
        if let text = from.value.stringValue {
            guard let wait = Duration(signed: text), wait >= .zero else {
                throw from.failure("expected a number of asks or an ISO 8601 duration such as PT5S")
            }
            return Scenario.Lag(wait: wait)
        }
        try from.check("lag")
        let wait = try from.duration("wait") ?? .zero
        guard let rhythm = try from.text("rhythm") else {
            return Scenario.Lag(wait: wait, asks: try from.whole("asks", 0...10_000) ?? 0)
        }
        guard rhythm.count <= 10_000, rhythm.allSatisfy({ $0 == "x" || $0 == "." }) else {
            throw from.failure("expected x for unknown and . for known", at: "rhythm")
        }
        return Scenario.Lag(wait: wait, rhythm: rhythm)
    }
}

extension Scenario.Lags {
    init(_ from: Reading) throws(SimulatorFailure) {
        self.init()
        try from.check("lags")
        application = try from.member("application").map(Scenario.Lag.read) ?? application
        principal = try from.member("principal").map(Scenario.Lag.read) ?? principal
        secret = try from.member("secret").map(Scenario.Lag.read) ?? secret
        certificate = try from.member("certificate").map(Scenario.Lag.read) ?? certificate
        federation = try from.member("federation").map(Scenario.Lag.read) ?? federation
        grant = try from.member("grant").map(Scenario.Lag.read) ?? grant
        consent = try from.member("consent").map(Scenario.Lag.read) ?? consent
    }
}
