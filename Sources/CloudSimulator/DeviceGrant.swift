// SPDX-License-Identifier: Apache-2.0
import Basics

/// One sign-in by device code: a pure machine that says what a poll meets.
struct DeviceGrant: Sendable {
    /// What a client asked for.
    struct Asked: Sendable {
        let client: String
        /// The tenant as the client named it, which polls must name in the same way.
        let segment: String
        let scopes: [String]
    }

    /// What a poll meets.
    enum Outcome: Sendable, Equatable {
        case pending, tooFast, declined, blocked, expired, redeemed, approved
    }

    static let grantType = "urn:ietf:params:oauth:grant-type:device_code"

    let code: String
    let userCode: String
    let asked: Asked
    let expires: Timestamp
    /// Polls that come closer together are told to slow down, if any are.
    let interval: Duration?
    /// Who signs in by the scenario.
    let person: Scenario.SignIn
    /// What they do after all, by the control path or the page.
    var decided: Scenario.SignIn.Doing?
    private(set) var polls = 0
    private var last: Timestamp?
    private var isRedeemed = false

    init(
        code: String,
        userCode: String,
        asked: Asked,
        expires: Timestamp,
        interval: Duration?,
        person: Scenario.SignIn
    ) {
        self.code = code
        self.userCode = userCode
        self.asked = asked
        self.expires = expires
        self.interval = interval
        self.person = person
    }

    /// Counts a poll and says what it meets.
    mutating func poll(at now: Timestamp) -> Outcome {
        if isRedeemed { return .redeemed }
        if now >= expires { return .expired }
        polls += 1
        let soonest = last.flatMap { last in interval.map { last + $0 } }
        last = now
        if person.slowDownAt.contains(polls) || soonest.map({ now < $0 }) ?? false { return .tooFast }
        switch decided ?? (polls > person.afterPolls ? person.does : .never) {
        case .approve: return .approved
        case .decline: return .declined
        case .blocked: return .blocked
        case .never: return .pending
        }
    }

    /// Hands the tokens out; once only.
    mutating func redeem() { isRedeemed = true }

    /// How it stands, as the control path tells it.
    func state(at now: Timestamp) -> String {
        if isRedeemed { return "redeemed" }
        if now >= expires { return "expired" }
        return decided?.rawValue ?? "pending"
    }
}
