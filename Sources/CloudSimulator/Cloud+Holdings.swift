// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import JSON

/// What the control path tells of directories and sign-ins, and how it changes who signs in.
extension Cloud {
    /// Obeys a control about the directory or a sign-in; `nil` if it is none.
    func controlDirectory(_ call: Call, _ name: String) throws(SimulatorFailure) -> Value? {
        switch (call.request.method, name) {
        case ("GET", "directory"):
            guard let id = call.query("tenant").flatMap({ tenant($0.lowercased())?.id }) else {
                throw .scenario(pointer: "", line: nil, reason: "directory needs a tenant that is known")
            }
            return holdings(id, made: call.query("made") == "true")
        case ("GET", "devices"):
            return .array(
                devices.grants.map { grant in
                    [
                        "userCode": .string(grant.userCode), "client": .string(grant.asked.client),
                        "tenant": .string(grant.asked.segment), "polls": .int(grant.polls),
                        "state": .string(grant.state(at: now)),
                    ]
                }
            )
        case ("POST", "device"):
            let from = try Reading(call.request.body)
            try from.check("controlDevice")
            let doing = try Scenario.SignIn.Doing.read(try from.needed("does"), from)
            let count = devices.decide(try from.text("userCode"), doing)
            guard count > 0 else { throw from.failure("no sign-in with this code", at: "userCode") }
            return ["decided": .int(count)]
        case ("POST", "signIn"):
            let from = try Reading(call.request.body)
            try from.check("controlSignIn")
            let id = from.member("tenant") == nil ? nil : try knownTenant(from)
            let old = signIns[id ?? ""] ?? Scenario.SignIn()
            setSignIn(try old.changed(by: from), tenant: id)
            return ["does": .string(signIns[id ?? ""]?.does.rawValue ?? "")]
        default: return nil
        }
    }

    /// What a tenant's directory holds, or of it what was made while the cloud ran.
    func holdings(_ id: String, made: Bool) -> Value {
        guard let facts = tenant(id) else { return .null }
        let applications = registrations(in: id)
        let principals = principals(in: facts)
        let assignments: [Value] = principals.flatMap { holder in
            holder.grants.filter { $0.isMade || !made }.map { grant in
                [
                    "id": .string(holder.assignmentID(grant)), "app": .string(holder.app),
                    "resource": .string(grant.resource), "role": .string(grant.value),
                    "made": .bool(grant.isMade),
                ]
            }
        }
        let subscriptions: [Value] = (changed(id)?.subscriptions ?? [:])
            .map { key, one in (key.app + " " + key.type.rawValue, key, one) }
            .sorted { $0.0 < $1.0 }
            .map { _, key, one in
                [
                    "app": .string(key.app), "type": .string(key.type.rawValue),
                    "enabled": .bool(one.enabled),
                ]
            }
        return [
            "applications": .array(
                applications.filter { $0.isMade || !made }.map { one in
                    [
                        "id": .string(one.object), "appId": .string(one.app),
                        "displayName": .string(one.name),
                        "tags": one.told["tags"] ?? [], "made": .bool(one.isMade),
                    ]
                }
            ),
            "credentials": .array(applications.flatMap { credentials($0, made: made) }),
            "servicePrincipals": .array(
                principals.filter { $0.isMade || !made }.map { one in
                    [
                        "id": .string(one.id), "appId": .string(one.app), "displayName": .string(one.name),
                        "accountEnabled": .bool(one.isEnabled), "made": .bool(one.isMade),
                    ]
                }
            ),
            "assignments": .array(assignments), "subscriptions": .array(subscriptions),
        ]
    }

    private func credentials(_ app: Registration, made: Bool) -> [Value] {
        func row(_ kind: String, _ id: String, _ name: String, _ isMade: Bool) -> Value? {
            guard isMade || !made else { return nil }
            return [
                "appId": .string(app.app), "kind": .string(kind), "keyId": .string(id),
                "displayName": .string(name), "made": .bool(isMade),
            ]
        }
        return app.secrets.compactMap { row("secret", $0.keyID, $0.name, $0.isMade) }
            + app.keys.compactMap { row("certificate", $0.keyID, $0.name, $0.isMade) }
            + app.trusts.compactMap { row("federated", $0.id, $0.name, $0.isMade) }
    }
}
