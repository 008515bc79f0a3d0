// SPDX-License-Identifier: Apache-2.0
import Basics

/// The sign-ins by device code that are under way, and what may be renewed of those that are through.
struct DeviceTable: Sendable {
    /// What a refresh token renews.
    struct Session: Sendable {
        let token: AccessToken
        let scopes: [String]
    }

    /// Most of either that are kept; the oldest are forgotten first.
    private static let most = 1_000

    private(set) var grants: [DeviceGrant] = []
    private var sessions: [(text: String, session: Session)] = []

    mutating func add(_ grant: DeviceGrant) {
        grants.append(grant)
        if grants.count > Self.most { grants.removeFirst(grants.count - Self.most) }
    }

    /// Changes the grant with a device code; `nil` if there is none.
    mutating func change<Result>(_ code: String, _ body: (inout DeviceGrant) -> Result) -> Result? {
        guard let place = grants.firstIndex(where: { $0.code == code }) else { return nil }
        return body(&grants[place])
    }

    /// Decides the grant with a user code, or all that are there, and answers how many these were.
    mutating func decide(_ userCode: String?, _ doing: Scenario.SignIn.Doing) -> Int {
        let wanted = userCode?.uppercased()
        let places = grants.indices.filter { wanted == nil || grants[$0].userCode == wanted }
        for place in places { grants[place].decided = doing }
        return places.count
    }

    mutating func keep(_ session: Session, under text: String) {
        sessions.append((text, session))
        if sessions.count > Self.most { sessions.removeFirst(sessions.count - Self.most) }
    }

    func session(_ text: String) -> Session? { sessions.first { $0.text == text }?.session }
}
