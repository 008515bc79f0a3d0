// SPDX-License-Identifier: Apache-2.0
import Basics
import HTTPServer
import JSON

/// Applications as Graph keeps them: made, found, changed and taken away.
extension Cloud {
    /// Answers everything below `applications`.
    func applications(
        _ call: Call,
        _ token: AccessToken,
        _ record: TenantRecord
    ) throws(Refusal) -> Response {
        guard let target = GraphTarget(call.graphPath) else { throw notFound(call) }
        let tenant = record.facts
        if target.key == .all {
            switch call.request.method {
            case "GET":
                try needToRead(nil, token, call)
                let all = registrations(in: tenant.id).map(\.value)
                return listed(try filtered(all, call), "applications", call)
            case "POST":
                try needToMake(token, call)
                return try makeApplication(call, token, tenant)
            default: throw notFound(call)
            }
        }
        let found = registrations(in: tenant.id).first { one in
            target.key == .id(one.object) || target.key == .app(one.app)
        }
        if call.request.method == "GET" {
            try needToRead(found, token, call)
        } else {
            try needToWrite(found, token, call)
        }
        guard let found else {
            throw absent(call.graphPath.count > 1 ? call.graphPath[1] : call.graphPath[0], call)
        }
        switch (call.request.method, target.subject, target.part) {
        case ("GET", "", nil): return graph(selected(found.value, call), call)
        case ("PATCH", "", nil): return try changeApplication(found, call)
        case ("DELETE", "", nil):
            unregister(found, in: tenant)
            return done(call)
        case ("POST", "addpassword", nil): return try addPassword(found, call)
        case ("POST", "removepassword", nil): return try removePassword(found, call)
        case (let method, "federatedidentitycredentials", let part):
            return try federatedCredentials(found, method, part, call)
        default: throw notFound(call)
        }
    }

    private func makeApplication(
        _ call: Call,
        _ token: AccessToken,
        _ tenant: Scenario.Tenant
    ) throws(Refusal) -> Response {
        var body = try body(call)
        guard let name = body["displayName"]?.stringValue, !name.isEmpty else {
            throw invalid("A value is required for property 'displayName' of resource 'Application'.", call)
        }
        let keys = try uploaded(body, [], call)
        body["keyCredentials"] = nil
        if let complaint = Registration.complaint(body) { throw invalid(complaint, call) }
        if body["signInAudience"] == nil { body["signInAudience"] = .string(Registration.singleTenant) }
        var made = Registration(
            app: guid(),
            object: guid(),
            created: now,
            creator: token.app,
            home: tenant.id,
            told: body
        )
        made.keys = keys ?? []
        made.known = Ripening(knobs.lags.application, at: now)
        registrations[made.app] = made
        return graph(.object(made.value), call, status: 201)
    }

    private func changeApplication(_ found: Registration, _ call: Call) throws(Refusal) -> Response {
        var body = try body(call)
        let keys = try uploaded(body, found.keys, call)
        body["keyCredentials"] = nil
        if let complaint = Registration.complaint(body) { throw invalid(complaint, call) }
        var changed = found
        for (name, value) in body { changed.told[name] = value }
        if let keys { changed.keys = keys }
        registrations[found.app] = changed
        return done(call)
    }

    /// What Graph answers for a body that does not do.
    func invalid(_ text: String, _ call: Call) -> Refusal { graph(400, "Request_BadRequest", text, call) }
}

extension Registration {
    /// The application as Graph shows it.
    var value: Object {
        var object: Object = [
            "id": .string(self.object), "deletedDateTime": .null, "appId": .string(app),
            "createdDateTime": .string(created.secondsText + "Z"), "displayName": .string(name),
            "identifierUris": [], "isFallbackPublicClient": false, "signInAudience": "", "tags": [],
            "publicClient": ["redirectUris": []], "requiredResourceAccess": [],
            "web": ["redirectUris": []],
        ]
        for (name, value) in told { object[name] = value }
        object["keyCredentials"] = .array(keys.map(\.shown))
        object["passwordCredentials"] = .array(secrets.map { $0.shown() })
        return object
    }

    private static let audiences = [
        singleTenant, "AzureADMultipleOrgs", "AzureADandPersonalMicrosoftAccount", "PersonalMicrosoftAccount",
    ]

    private static let known: Set<String> = [
        "api", "appRoles", "description", "displayName", "groupMembershipClaims", "identifierUris", "info",
        "isFallbackPublicClient", "notes", "optionalClaims", "publicClient", "requiredResourceAccess",
        "serviceManagementReference", "signInAudience", "spa", "tags", "web",
    ]

    /// What is wrong with what is said of an application; `nil` if nothing is.
    static func complaint(_ body: Object) -> String? {
        if let unknown = body.keys.first(where: { !known.contains($0) }) {
            return "Invalid property '\(unknown)'."
        }
        if let audience = body["signInAudience"], !audiences.contains(audience.stringValue ?? "") {
            return "Invalid value specified for property 'signInAudience' of resource 'Application'."
        }
        if let name = body["displayName"], (name.stringValue ?? "").isEmpty {
            return "Invalid value specified for property 'displayName' of resource 'Application'."
        }
        let lists =
            [("tags", body["tags"])] + ["web", "publicClient", "spa"].map { ($0, body[$0]?["redirectUris"]) }
        for case (let name, let list?) in lists where !isTexts(list) {
            return "Invalid value specified for property '\(name)' of resource 'Application'."
        }
        guard let required = body["requiredResourceAccess"] else { return nil }
        let isWellFormed =
            required.arrayValue?.allSatisfy { entry in
                isGUID(entry["resourceAppId"]?.stringValue ?? "")
                    && entry["resourceAccess"]?.arrayValue?.allSatisfy { access in
                        isGUID(access["id"]?.stringValue ?? "")
                            && ["Role", "Scope"].contains(access["type"]?.stringValue ?? "")
                    } ?? false
            } ?? false
        return isWellFormed
            ? nil : "Invalid value specified for property 'requiredResourceAccess' of resource 'Application'."
    }

    private static func isTexts(_ value: Value) -> Bool {
        value.arrayValue?.allSatisfy { $0.stringValue != nil } ?? false
    }
}
