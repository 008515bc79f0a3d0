// SPDX-License-Identifier: Apache-2.0
import Basics
import Crypto
import HTTPServer
import JSON

/// Signing in on another device: the code, and the polls for what becomes of it.
extension Cloud {
    /// Gives out a device code.
    func deviceCode(_ call: Call) throws(Refusal) -> Response {
        guard call.request.method == "POST" else {
            throw entra(900_561, "invalid_request", "The endpoint only accepts POST requests.", call)
        }
        let asked = try signInTenant(call)
        guard let client = call.field("client_id")?.lowercased(), !client.isEmpty else {
            throw missing("client_id", call)
        }
        try checkPublic(client, asked, call)
        guard let text = call.field("scope"), !text.isEmpty else { throw missing("scope", call) }
        let scopes = text.split(separator: " ").map(String.init)
        _ = try wanted(scopes, call)
        let expires = now + knobs.deviceCodeLifetime
        let grant = DeviceGrant(
            code: "GAQ" + Base64.encodeURL(Digest.sha256(Array(guid().utf8))),
            userCode: userCode(),
            asked: DeviceGrant.Asked(client: client, segment: call.tenant, scopes: scopes),
            expires: expires,
            interval: knobs.deviceSlowsDown ? knobs.deviceInterval : nil,
            person: comer(asked).script
        )
        devices.add(grant)
        let page = "\(bases.published)/login/device"
        return plain([
            "user_code": .string(grant.userCode), "device_code": .string(grant.code),
            "verification_uri": .string(page), "expires_in": .int(knobs.deviceCodeLifetime.wholeSeconds),
            "interval": .int(knobs.deviceInterval.wholeSeconds),
            "message": .string(
                "To sign in, use a web browser to open the page \(page) and enter the code \(grant.userCode) to "
                    + "authenticate."
            ),
        ])
    }

    private func userCode() -> String {
        let letters = Array("ABCDEFGHJKLMNPQRSTUVWXYZ23456789")
        return String((0..<9).map { _ in letters[random.below(letters.count)] })
    }

    /// The tenant that a sign-in is asked for; `nil` where it is any organization's.
    private func signInTenant(_ call: Call) throws(Refusal) -> Scenario.Tenant? {
        if call.tenant == "organizations" || call.tenant == "common" { return nil }
        return try loginTenant(call, "invalid_request")
    }

    /// Refuses clients that nobody knows, or that would have to prove who they are.
    private func checkPublic(_ client: String, _ asked: Scenario.Tenant?, _ call: Call) throws(Refusal) {
        if scenario.publicClients.contains(where: { $0.id == client }) { return }
        guard let app = registrations[client] else {
            throw entra(
                700_016,
                "unauthorized_client",
                "Application with identifier '\(client)' was not found in the directory '\(call.tenant)'.",
                call
            )
        }
        if let asked, app.home != asked.id, !app.isMultiTenant { throw notFound(client, asked, call) }
        guard app.isPublic else {
            throw entra(
                7_000_218,
                "invalid_client",
                "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
                call
            )
        }
    }

    /// What scopes are asked for of which service; those of OpenID left aside.
    private func wanted(
        _ scopes: [String],
        _ call: Call
    ) throws(Refusal) -> (resource: String, names: [String]) {
        var resources: [String] = []
        var names: [String] = []
        for scope in scopes where !Self.ofOpenID.contains(scope) {
            // A bare name is a scope of Graph.
            let slash = scope.contains("://") ? scope.lastIndex(of: "/") : nil
            names.append(slash.map { String(scope[scope.index(after: $0)...]) } ?? scope)
            let graph = scenario.audiences["graph"]?.first ?? ""
            let resource = slash.map { String(scope[..<$0]) } ?? graph
            if !resources.contains(resource) { resources.append(resource) }
        }
        guard resources.count < 2 else {
            throw entra(
                28_000,
                "invalid_scope",
                "Provided value for the input parameter scope is not valid because it contains more than one resource.",
                call
            )
        }
        guard let resource = resources.first else {
            return (scenario.audiences["graph"]?.first ?? "", ["User.Read"])
        }
        return (resource, names)
    }

    private static let ofOpenID: Set<String> = ["openid", "profile", "email", "offline_access"]

    // MARK: Tokens

    /// Answers a token request for one who signed in: a poll, or a renewal.
    func delegatedToken(_ call: Call, _ grant: String) throws(Refusal) -> Response {
        let asked = try signInTenant(call)
        guard let client = call.field("client_id")?.lowercased(), !client.isEmpty else {
            throw missing("client_id", call)
        }
        try checkPublic(client, asked, call)
        guard grant == DeviceGrant.grantType else { return try renewed(client, call) }
        guard let code = call.field("device_code"), !code.isEmpty else { throw missing("device_code", call) }
        let now = now
        let found = devices.change(code) { grant -> (DeviceGrant, DeviceGrant.Outcome)? in
            guard grant.asked.client == client, grant.asked.segment == call.tenant else { return nil }
            let outcome = grant.poll(at: now)
            return (grant, outcome)
        }
        guard let (device, outcome) = found ?? nil else {
            throw entra(
                70_018,
                "bad_verification_code",
                "The device code is not known for this client and tenant.",
                call
            )
        }
        guard outcome == .approved else { throw unmet(outcome, call) }
        let response = try redeem(device, asked, call)
        _ = devices.change(code) { $0.redeem() }
        return response
    }

    private func unmet(_ outcome: DeviceGrant.Outcome, _ call: Call) -> Refusal {
        switch outcome {
        case .pending, .approved:
            entra(
                70_016,
                "authorization_pending",
                "OAuth 2.0 device flow error. Authorization is pending. Continue polling.",
                call
            )
        case .tooFast:
            entra(70_016, "slow_down", "OAuth 2.0 device flow error. Polling too often. Slow down.", call)
        case .declined:
            entra(
                65_004,
                "authorization_declined",
                "User declined to consent to access the app.",
                call
            )
        case .expired: entra(70_019, "expired_token", "The device code has expired. Ask for a new one.", call)
        case .blocked:
            entra(
                53_003,
                "invalid_grant",
                "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.",
                call
            )
        case .redeemed: entra(54_005, "invalid_grant", "The device code was already redeemed.", call)
        }
    }

    private func redeem(
        _ device: DeviceGrant,
        _ asked: Scenario.Tenant?,
        _ call: Call
    ) throws(Refusal) -> Response {
        let home = device.person.home.flatMap { tenant($0) }
        guard let tenant = asked ?? home ?? comer(nil).home else {
            throw entra(50_059, "invalid_request", "No tenant-identifying information found.", call)
        }
        if let asked, let own = signIns[asked.id]?.home, own != asked.id {
            let user = device.person.user ?? "admin@\(home?.domain ?? own)"
            throw entra(50_020, "invalid_grant", stranger(user, asked), call)
        }
        let person = person(device.person, of: tenant)
        let scopes = try granted(device, call)
        let (resource, _) = try wanted(device.asked.scopes, call)
        _ = try service(resource, tenant, call)
        let issued = tokenTime
        let token = AccessToken(
            audience: resource,
            tenant: tenant.id,
            app: device.asked.client,
            scopes: scopes,
            person: person,
            issued: issued,
            expires: issued + knobs.tokenLifetime,
            kind: "0"
        )
        return issue(token, device.asked.scopes, call)
    }

    /// What is said of a person who is not of the tenant.
    func stranger(_ user: String, _ tenant: Scenario.Tenant) -> String {
        "User account '\(user)' from identity provider 'https://sts.windows.net/' does not exist in tenant "
            + "'\(tenant.domain)' and cannot access the application in that tenant."
    }

    /// The scopes that the person lets the client have.
    private func granted(_ device: DeviceGrant, _ call: Call) throws(Refusal) -> [String] {
        let (_, names) = try wanted(device.asked.scopes, call)
        let client = scenario.publicClients.first { $0.id == device.asked.client }
        let allowed = client?.scopes ?? ["User.Read"]
        let more = names.filter { $0 != ".default" && !allowed.contains($0) }
        guard !more.isEmpty else { return names.contains(".default") ? allowed : names }
        if let client, !client.asksForMore {
            throw entra(
                65_002,
                "invalid_grant",
                "Consent between first party application '\(client.id)' and first party resource must be configured "
                    + "via preauthorization. Scopes: \(more.joined(separator: " ")).",
                call
            )
        }
        guard !Self.granters.isDisjoint(with: device.person.roles) else {
            throw entra(90_094, "invalid_grant", "An administrator must consent to these permissions.", call)
        }
        return names.contains(".default") ? allowed + more : names
    }

    private func issue(_ token: AccessToken, _ scopes: [String], _ call: Call) -> Response {
        let seconds = max(0, (token.expires - token.issued).wholeSeconds - 1)
        var answer: Object = [
            "token_type": "Bearer", "scope": .string(token.scopes.joined(separator: " ")),
            "expires_in": .int(seconds), "ext_expires_in": .int(seconds),
            "access_token": .string(token.text(key: tokenKey, id: guid(), principal: "")),
        ]
        if scopes.contains("offline_access") {
            let text = "0." + Base64.encodeURL(Digest.sha256(Array(guid().utf8)))
            devices.keep(DeviceTable.Session(token: token, scopes: scopes), under: text)
            answer["refresh_token"] = .string(text)
        }
        if scopes.contains("openid"), let person = token.person {
            let claims: Object = [
                "aud": .string(token.app), "iss": .string("\(bases.published)/login/\(token.tenant)/v2.0"),
                "iat": .int(token.issued.seconds), "nbf": .int(token.issued.seconds),
                "exp": .int(token.expires.seconds), "name": .string(person.name), "oid": .string(person.id),
                "preferred_username": .string(person.user), "sub": .string(person.id),
                "tid": .string(token.tenant), "ver": "2.0",
            ]
            answer["id_token"] = .string(AccessToken.signed(claims, key: tokenKey))
        }
        return plain(.object(answer))
    }

    private func renewed(_ client: String, _ call: Call) throws(Refusal) -> Response {
        guard let text = call.field("refresh_token"), !text.isEmpty else {
            throw missing("refresh_token", call)
        }
        guard let session = devices.session(text), session.token.app == client,
            session.token.issued >= tokensFrom
        else {
            throw entra(50_173, "invalid_grant", "The provided grant has been revoked. Sign in again.", call)
        }
        let issued = tokenTime
        let token = AccessToken(
            audience: session.token.audience,
            tenant: session.token.tenant,
            app: client,
            scopes: session.token.scopes,
            person: session.token.person,
            issued: issued,
            expires: issued + knobs.tokenLifetime,
            kind: "0"
        )
        return issue(token, session.scopes, call)
    }
}
