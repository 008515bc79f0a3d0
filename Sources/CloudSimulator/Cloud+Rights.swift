// SPDX-License-Identifier: Apache-2.0

/// Who may do what in the directory.
extension Cloud {
    /// The directory roles that may register applications.
    static let registrars: Set<String> = [
        "Global Administrator", "Application Administrator", "Cloud Application Administrator",
    ]

    /// The directory roles that may grant any application permission.
    static let granters: Set<String> = ["Global Administrator", "Privileged Role Administrator"]

    /// Refuses a token that has none of `permissions`, and a person who holds none of the roles `people`.
    func need(
        _ token: AccessToken,
        _ permissions: [String],
        people: Set<String>? = nil,
        _ call: Call
    ) throws(Refusal) {
        guard let person = token.person else {
            if Set(permissions).isDisjoint(with: token.roles) { throw deniedByGraph(call) }
            return
        }
        if Set(permissions).isDisjoint(with: token.scopes) { throw deniedByGraph(call) }
        if let people, people.isDisjoint(with: heldRoles(person)) {
            throw deniedByGraph(call)
        }
    }

    /// Refuses those who may not read applications; `app` is the one that is read, if it is one.
    func needToRead(_ app: Registration?, _ token: AccessToken, _ call: Call) throws(Refusal) {
        if let app, owns(app, token) { return }
        let reading = ["Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All"]
        try need(token, reading, call)
    }

    /// Refuses those who may not change `app`, or whatever else it is where that is `nil`.
    func needToWrite(_ app: Registration?, _ token: AccessToken, _ call: Call) throws(Refusal) {
        if let app, owns(app, token) { return }
        try need(token, ["Application.ReadWrite.All"], people: Self.registrars, call)
    }

    /// Refuses those who may not register applications.
    func needToMake(_ token: AccessToken, _ call: Call) throws(Refusal) {
        try need(token, ["Application.ReadWrite.All", Self.ofOwn], people: Self.registrars, call)
    }

    /// Refuses those who may not grant roles of the service `resource`.
    func needToGrant(_ resource: String, _ token: AccessToken, _ call: Call) throws(Refusal) {
        // Permissions of Graph itself are for those alone who look after roles.
        let isGraph = AppRole.resources.first { $0.app == resource }?.service == "graph"
        let people = isGraph ? Self.granters : Self.granters.union(Self.registrars)
        try need(token, ["AppRoleAssignment.ReadWrite.All"], people: people, call)
        try needToRead(nil, token, call)
    }

    private static let ofOwn = "Application.ReadWrite.OwnedBy"

    private func owns(_ app: Registration, _ token: AccessToken) -> Bool {
        token.person == nil && token.roles.contains(Self.ofOwn)
            && (app.app == token.app || app.creator == token.app)
    }
}
