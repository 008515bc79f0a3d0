// SPDX-License-Identifier: Apache-2.0
import Basics
import Crypto
import HTTPServer
import JSON

extension Cloud {
    /// An error of the token endpoint: `invalid_client` comes with 401, all others with 400.
    func entra(_ code: Int, _ error: String, _ text: String, _ call: Call) -> Refusal {
        let trace = guid()
        let correlation = call.request.header("client-request-id").flatMap { isGUID($0) ? $0 : nil } ?? guid()
        let time = now.secondsText.split(separator: "T").joined(separator: " ") + "Z"
        let gap = knobs.oldTrailer ? "\r\n" : " "
        let trailer = ["Trace ID: \(trace)", "Correlation ID: \(correlation)", "Timestamp: \(time)"]
        let body: Value = [
            "error": .string(error),
            "error_description": .string((["AADSTS\(code): \(text)"] + trailer).joined(separator: gap)),
            "error_codes": [.int(code)], "timestamp": .string(time), "trace_id": .string(trace),
            "correlation_id": .string(correlation),
            "error_uri": .string("https://login.microsoftonline.com/error?code=\(code)"),
        ]
        let status = error == "invalid_client" ? 401 : 400
        return Refusal(response: entra(body, status: status, trace: trace, correlation: correlation))
    }

    private func entra(_ body: Value, status: Int, trace: String, correlation: String) -> Response {
        Response(
            status: status,
            headers: [
                ("Cache-Control", "no-store, no-cache"), ("Pragma", "no-cache"), ("Expires", "-1"),
                ("Content-Type", "application/json; charset=utf-8"),
                ("Strict-Transport-Security", "max-age=31536000; includeSubDomains"),
                ("X-Content-Type-Options", "nosniff"), ("x-ms-request-id", trace),
                ("client-request-id", correlation),
            ],
            body: body.bytes()
        )
    }

    /// The tenant that the path of a login request names.
    func loginTenant(_ call: Call, _ unknown: String) throws(Refusal) -> Scenario.Tenant {
        let name = call.tenant
        if let tenant = tenant(name) { return tenant }
        if name == "common" || name == "organizations" || name == "consumers" {
            throw entra(
                9_001_023,
                "invalid_request",
                "The grant type is not supported over the /common or /consumers endpoints. Please use the "
                    + "/organizations or tenant-specific endpoint.",
                call
            )
        }
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        let isDomain =
            labels.count > 1
            && labels.allSatisfy {
                !$0.isEmpty && $0.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
            }
        guard isGUID(name) || isDomain else {
            throw entra(
                900_023,
                "invalid_request",
                "Specified tenant identifier '\(name)' is neither a valid DNS name, nor a valid external domain.",
                call
            )
        }
        throw entra(
            90_002,
            unknown,
            "Tenant '\(name)' not found. Check to make sure you have the correct tenant ID and are signing into the "
                + "correct cloud. Check with your subscription administrator, this may happen if there are no active "
                + "subscriptions for the tenant.",
            call
        )
    }

    // MARK: Discovery

    /// Answers OpenID discovery.
    func discovery(_ call: Call) throws(Refusal) -> Response {
        if call.rest == "keys" { return plain(["keys": []]) }
        let tenant = try loginTenant(call, "invalid_tenant")
        let base = "\(bases.published)/login/\(tenant.id)"
        let version = call.rest == "v2" ? "/v2.0" : ""
        let issuer = call.rest == "v2" ? "\(base)/v2.0" : "https://sts.windows.net/\(tenant.id)/"
        return plain([
            "token_endpoint": .string("\(base)/oauth2\(version)/token"),
            "token_endpoint_auth_methods_supported": [
                "client_secret_post", "private_key_jwt", "client_secret_basic",
            ],
            "jwks_uri": .string("\(base)/discovery\(version)/keys"),
            "response_modes_supported": ["query", "fragment", "form_post"],
            "subject_types_supported": ["pairwise"], "id_token_signing_alg_values_supported": ["RS256"],
            "issuer": .string(issuer),
            "authorization_endpoint": .string("\(base)/oauth2\(version)/authorize"),
            "device_authorization_endpoint": .string("\(base)/oauth2\(version)/devicecode"),
            "tenant_region_scope": "EU", "cloud_instance_name": "microsoftonline.com",
            "cloud_graph_host_name": "graph.windows.net", "msgraph_host": "graph.microsoft.com",
            "rbac_url": "https://pas.windows.net",
        ])
    }

    func plain(_ body: Value) -> Response {
        entra(body, status: 200, trace: guid(), correlation: guid())
    }

    // MARK: Tokens

    /// Answers a token request.
    func token(_ call: Call) throws(Refusal) -> Response {
        guard call.request.method == "POST" else {
            throw entra(
                900_561,
                "invalid_request",
                "The endpoint only accepts POST requests. Received a GET request.",
                call
            )
        }
        let grant = call.field("grant_type") ?? ""
        if grant == DeviceGrant.grantType || grant == "refresh_token" {
            return try delegatedToken(call, grant)
        }
        let tenant = try loginTenant(call, "invalid_request")
        guard !grant.isEmpty else { throw missing("grant_type", call) }
        guard grant == "client_credentials" else {
            throw entra(
                70_003,
                "unsupported_grant_type",
                "The app requested an unsupported grant type '\(grant)'.",
                call
            )
        }
        let (id, secret) = credentials(call)
        guard !id.isEmpty else { throw missing("client_id", call) }
        guard let app = registrations[id] else { throw notFound(id, tenant, call) }
        let wanted = try resource(call)
        let kind = try prove(app, secret, tenant, call)
        guard let principal = askPrincipal(id, tenant) else {
            guard app.isMultiTenant || app.home == tenant.id else { throw notFound(id, tenant, call) }
            throw entra(
                7_000_229,
                "invalid_client",
                "The client application \(id) is missing service principal in the tenant \(tenant.id). See "
                    + "instructions here: https://go.microsoft.com/fwlink/?linkid=2225119",
                call
            )
        }
        guard principal.isEnabled else {
            throw entra(7_000_112, "unauthorized_client", "Application '\(id)'(\(id)) is disabled.", call)
        }
        let service = try service(wanted, tenant, call)
        let issued = tokenTime
        let token = AccessToken(
            audience: wanted,
            tenant: tenant.id,
            app: id,
            roles: askRoles(id, tenant, of: service),
            issued: issued,
            expires: issued + knobs.tokenLifetime,
            kind: kind
        )
        return issue(token, principal, call)
    }

    /// The client id of the service that a token is asked for, which must stand in the tenant and be enabled.
    func service(_ wanted: String, _ tenant: Scenario.Tenant, _ call: Call) throws(Refusal) -> String {
        guard let named = scenario.audiences.first(where: { $0.value.contains(wanted) })?.key,
            let service = AppRole.resources.first(where: { $0.service == named }),
            let principal = principal(service.app, in: tenant)
        else {
            throw entra(
                500_011,
                "invalid_resource",
                "The resource principal named \(wanted) was not found in the tenant named \(tenant.domain). This can "
                    + "happen if the application has not been installed by the administrator of the tenant or "
                    + "consented to by any user in the tenant. You might have sent your authentication request to the "
                    + "wrong tenant.",
                call
            )
        }
        guard principal.isEnabled else {
            throw entra(
                500_014,
                "invalid_resource",
                "The service principal for resource '\(wanted)' is disabled. This indicate that a subscription within "
                    + "the tenant has lapsed, or that the administrator for this tenant has disabled the application, "
                    + "preventing tokens from being issued for it.",
                call
            )
        }
        return service.app
    }

    private func issue(_ token: AccessToken, _ principal: ServicePrincipal, _ call: Call) -> Response {
        let text = token.text(key: tokenKey, id: guid(), principal: principal.id)
        let seconds = max(0, (token.expires - token.issued).wholeSeconds - 1)
        // The older endpoint writes its numbers as strings.
        guard call.rest == "v1" else {
            return plain([
                "token_type": "Bearer", "expires_in": .int(seconds), "ext_expires_in": .int(seconds),
                "access_token": .string(text),
            ])
        }
        return plain([
            "token_type": "Bearer", "expires_in": .string(String(seconds)),
            "ext_expires_in": .string(String(seconds)),
            "expires_on": .string(String(token.expires.seconds)),
            "not_before": .string(String(token.issued.seconds)),
            "resource": .string(token.audience), "access_token": .string(text),
        ])
    }

    /// Which service a role belongs to.
    static func service(of role: String) -> String {
        if role.hasPrefix("Exchange.") || role == "full_access_as_app" { return "exchange" }
        let feed = [
            "ActivityFeed.Read", "ActivityFeed.ReadDlp", "ServiceHealth.Read", "ActivityReports.Read",
        ]
        return feed.contains(role) || role == "ThreatIntelligence.Read" ? "manage" : "graph"
    }

    func missing(_ name: String, _ call: Call) -> Refusal {
        entra(
            900_144,
            "invalid_request",
            "The request body must contain the following parameter: '\(name)'.",
            call
        )
    }

    /// An app that the tenant does not know.
    func notFound(_ id: String, _ tenant: Scenario.Tenant, _ call: Call) -> Refusal {
        entra(
            700_016,
            "unauthorized_client",
            "Application with identifier '\(id)' was not found in the directory '\(tenant.domain)'. This can happen "
                + "if the application has not been installed by the administrator of the tenant or consented to by "
                + "any user in the tenant. You may have sent your authentication request to the wrong tenant.",
            call
        )
    }

    /// The client id and secret, from the form or from HTTP Basic.
    private func credentials(_ call: Call) -> (id: String, secret: String?) {
        if let id = call.field("client_id"), !id.isEmpty {
            return (id.lowercased(), call.field("client_secret"))
        }
        guard let header = call.request.header("Authorization"), header.lowercased().hasPrefix("basic "),
            let bytes = Base64.decode(header.dropFirst(6))
        else { return ("", nil) }
        let halves = String(decoding: bytes, as: UTF8.self).split(separator: ":", maxSplits: 1)
        return (
            Request.decoded(halves.first ?? "").lowercased(),
            halves.count > 1 ? Request.decoded(halves[1]) : nil
        )
    }

    /// What the token is asked for, without `/.default`.
    private func resource(_ call: Call) throws(Refusal) -> String {
        if call.rest == "v1" {
            guard let resource = call.field("resource"), !resource.isEmpty else {
                throw missing("resource", call)
            }
            return resource
        }
        if call.field("resource") != nil {
            throw entra(
                901_002,
                "invalid_request",
                "The 'resource' request parameter is not supported.",
                call
            )
        }
        guard let scope = call.field("scope"), !scope.isEmpty else {
            throw entra(
                90_014,
                "invalid_request",
                "The required field 'scope' is missing from the credential. Ensure that you have all the necessary "
                    + "parameters for the login request.",
                call
            )
        }
        let scopes = scope.split(separator: " ")
        guard scopes.count == 1 else {
            throw entra(
                28_000,
                "invalid_scope",
                "Provided value for the input parameter scope is not valid because it contains more than one resource. "
                    + "Scope \(scope) is not valid.",
                call
            )
        }
        guard scope.hasSuffix("/.default") else {
            throw entra(
                1_002_012,
                "invalid_scope",
                "The provided value for scope \(scope) is not valid. Client credential flows must have a scope value "
                    + "with /.default suffixed to the resource identifier (application ID URI).",
                call
            )
        }
        return String(scope.dropLast("/.default".count))
    }
}
