// SPDX-License-Identifier: Apache-2.0
import JSON

extension Scenario {
    /// The person who signs in or consents when a client asks for it, and what they do.
    package struct SignIn: Sendable, Equatable {
        /// What they do about a sign-in.
        package enum Doing: String, Sendable, CaseIterable {
            /// Signs in and approves.
            case approve
            /// Signs in and declines.
            case decline
            /// Never comes, unless sent by the control path or the page.
            case never
            /// Is kept out by a policy of the tenant.
            case blocked
        }

        /// What they do about an application that asks for consent.
        package enum Consent: String, Sendable, CaseIterable {
            case accept, decline
            /// Leaves the page open.
            case wait
        }

        /// What they do about a sign-in.
        package var does: Doing
        /// How many polls come before they have done it.
        package var afterPolls: Int
        /// The polls, the first being 1, that are told to slow down.
        package var slowDownAt: [Int] = []
        /// Their directory roles.
        package var roles = ["Global Administrator"]
        /// Their name; `admin` of the tenant's main domain unless told.
        package var user: String?
        /// The tenant they belong to, if not the one that is asked for.
        package var home: String?
        /// What they do about consent.
        package var consent: Consent = .accept

        /// A global administrator who approves after one poll unless told otherwise.
        package init(does: Doing = .approve, afterPolls: Int = 1) {
            self.does = does
            self.afterPolls = afterPolls
        }

        static let members = ["does", "afterPolls", "slowDownAt", "roles", "user", "home", "consent"]
    }

    /// One of the service's own clients, which needs no credential.
    package struct PublicClient: Sendable, Equatable {
        /// The client id.
        package var id: String
        /// Its name.
        package var name: String
        /// What it may do with Graph without anybody's consent.
        package var scopes: [String]
        /// Whether it may ask an admin to consent to more.
        package var asksForMore: Bool

        /// A client and what it may do.
        package init(id: String, name: String, scopes: [String], asksForMore: Bool = false) {
            self.id = id.lowercased()
            self.name = name
            self.scopes = scopes
            self.asksForMore = asksForMore
        }

        /// The clients that tools use; what they may do without consent is our choice, the service does not tell.
        package static let known: [PublicClient] = [
            .init(id: "04b07795-8ddb-461a-bbee-02f9e1bf7b46", name: "Microsoft Azure CLI", scopes: allowed),
            .init(id: "1950a258-227b-4e31-a9cf-717495945fc2", name: "Azure PowerShell", scopes: allowed),
            .init(
                id: "14d82eec-204b-4c2f-b7e8-296a70dab67e",
                name: "Microsoft Graph Command Line Tools",
                scopes: ["User.Read"],
                asksForMore: true
            ),
        ]

        private static let allowed = [
            "Application.ReadWrite.All", "AppRoleAssignment.ReadWrite.All", "Directory.Read.All",
            "Organization.Read.All", "User.Read",
        ]
    }
}

extension Scenario.SignIn {
    init(_ from: Reading) throws(SimulatorFailure) {
        try from.check("signIn")
        self = try Scenario.SignIn().changed(by: from)
    }

    /// The same person, what is told being changed.
    func changed(by from: Reading) throws(SimulatorFailure) -> Scenario.SignIn {
        var changed = self
        if let text = try from.text("does") { changed.does = try Doing.read(text, from) }
        changed.afterPolls = try from.whole("afterPolls", 0...1_000_000) ?? afterPolls
        if from.member("slowDownAt") != nil {
            changed.slowDownAt = []
            for entry in try from.list("slowDownAt") {
                guard let number = entry.value.int64, number > 0, let poll = Int(exactly: number) else {
                    throw entry.failure("expected the number of a poll, the first being 1")
                }
                changed.slowDownAt.append(poll)
            }
        }
        changed.roles = try from.member("roles")?.texts() ?? roles
        changed.user = try from.text("user") ?? user
        if from.member("home") != nil { changed.home = try from.guid("home") }
        if let text = try from.text("consent") {
            guard let consent = Consent(rawValue: text) else {
                throw from.failure("expected accept, decline or wait", at: "consent")
            }
            changed.consent = consent
        }
        return changed
    }
}

extension Scenario.SignIn.Doing {
    static func read(_ text: String, _ from: Reading) throws(SimulatorFailure) -> Self {
        guard let doing = Self(rawValue: text) else {
            throw from.failure("expected approve, decline, never or blocked", at: "does")
        }
        return doing
    }
}

extension Scenario.PublicClient {
    init(_ from: Reading) throws(SimulatorFailure) {
        try from.check("publicClient")
        let id = try from.guid("id")
        self.init(
            id: id,
            name: try from.text("name") ?? id,
            scopes: try from.member("scopes")?.texts() ?? ["User.Read"],
            asksForMore: try from.truth("asksForMore") ?? false
        )
    }
}
