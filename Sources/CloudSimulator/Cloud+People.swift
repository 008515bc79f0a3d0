// SPDX-License-Identifier: Apache-2.0

/// Who signs in, and what they may do.
extension Cloud {
    /// The person who comes when a client asks for a sign-in to `asked`, or to no tenant by name.
    func comer(_ asked: Scenario.Tenant?) -> (script: Scenario.SignIn, home: Scenario.Tenant?) {
        if let asked {
            if let own = signIns[asked.id] { return (own, own.home.flatMap { tenant($0) } ?? asked) }
            // Where one belongs to is told for those alone who come without a tenant's name.
            return (signIns[""] ?? Scenario.SignIn(), asked)
        }
        let first = scenario.tenants.first ?? scenario.fleet.flatMap { tenant($0.id(0)) }
        guard let anybody = signIns[""] else { return first.map { comer($0) } ?? (Scenario.SignIn(), nil) }
        return (anybody, anybody.home.flatMap { tenant($0) } ?? first)
    }

    /// The person of a script, who belongs to `home`; their roles are known from now on.
    func person(_ script: Scenario.SignIn, of home: Scenario.Tenant) -> Person {
        let user = script.user ?? "admin@\(home.domain)"
        var random = SeededRandom(seed: scenario.seed, "person", user, home.id)
        let person = Person(id: random.guid(), user: user, name: String(user.prefix { $0 != "@" }))
        people[person.id] = script.roles
        return person
    }

    /// The directory roles that someone held when they signed in.
    func heldRoles(_ person: Person) -> Set<String> { Set(people[person.id] ?? []) }

    /// Changes who signs in for a tenant, or for none.
    func setSignIn(_ script: Scenario.SignIn, tenant: String?) { signIns[tenant ?? ""] = script }
}
