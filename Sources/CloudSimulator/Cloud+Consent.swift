// SPDX-License-Identifier: Apache-2.0
import Basics
import HTTPServer

/// The page on which an admin lets an application into their tenant.
extension Cloud {
    /// Why consent did not come to be, as the answer to the application tells it.
    private struct Declined: Error {
        let error: String
        let code: Int
        let text: String
    }

    /// Answers one who opened the consent link, as the scripted person does.
    func adminConsent(_ call: Call) throws(Refusal) -> Response {
        guard call.request.method == "GET" else {
            throw Refusal(response: page("Not found", "", status: 404))
        }
        let isOlder = call.rest == "v1"
        let id = call.query("client_id")?.lowercased() ?? ""
        let asked = try consentTenant(call)
        guard let app = registrations[id] else {
            throw trouble(700_016, "Application with identifier '\(id)' was not found in the directory.")
        }
        if !app.isMultiTenant {
            guard let asked else {
                throw trouble(
                    50_194,
                    "Application '\(id)' is not configured as a multi-tenant application. Usage of the /common "
                        + "endpoint is not supported for such applications."
                )
            }
            guard app.home == asked.id || app.home == nil else {
                throw trouble(
                    700_016,
                    "Application with identifier '\(id)' was not found in the directory '\(asked.domain)'."
                )
            }
        }
        let redirect = call.query("redirect_uri") ?? ""
        guard redirect.isEmpty || app.answers(to: redirect, loosely: isOlder) else {
            throw trouble(
                50_011,
                "The redirect URI '\(redirect)' specified in the request does not match the redirect URIs configured "
                    + "for the application '\(id)'."
            )
        }
        guard registrations[id]?.known.ask(at: now) ?? false else {
            throw trouble(650_051, "The application '\(id)' is not there yet. Try again in a moment.")
        }
        do throws(Declined) {
            let (person, home) = comer(asked)
            guard let answer = try decide(call, app, person, home, asked) else { return openPage(call, app) }
            guard !redirect.isEmpty else {
                // Consent stands all the same.
                return page("Sorry, something went wrong", "<p>No reply address is registered.</p>")
            }
            return sent(to: redirect, answer)
        } catch {
            guard !redirect.isEmpty else { throw trouble(error.code, error.text) }
            return refused(error, redirect, call)
        }
    }

    /// What the person does: the answer to the application, or `nil` where they leave the page open.
    private func decide(
        _ call: Call,
        _ app: Registration,
        _ person: Scenario.SignIn,
        _ home: Scenario.Tenant?,
        _ asked: Scenario.Tenant?
    ) throws(Declined) -> [(String, String)]? {
        let scope = call.query("scope") ?? ""
        guard call.rest == "v1" || !scope.isEmpty else {
            let text = "The request must contain the following parameter: 'scope'."
            throw Declined(error: "invalid_request", code: 900_144, text: text)
        }
        guard let tenant = asked ?? home, person.does != .blocked else {
            let text = "Access has been blocked by Conditional Access policies."
            throw Declined(error: "access_denied", code: 53_003, text: text)
        }
        if let home, home.id != tenant.id {
            let user = person.user ?? "admin@\(home.domain)"
            throw Declined(error: "access_denied", code: 50_020, text: stranger(user, tenant))
        }
        // Of the service's own scopes only the one that stands for all brings an application's permissions.
        let isWhole = call.rest == "v1" || scope.split(separator: " ").contains { $0.hasSuffix("/.default") }
        let needs = isWhole ? app.needs.filter(\.isRole) : []
        if !mayConsent(person, to: needs) {
            let text = "An administrator of \(tenant.domain) has set a policy: admin consent is required."
            throw Declined(error: "consent_required", code: 90_094, text: text)
        }
        var consent = person.consent
        if consent == .wait {
            guard let clicked = call.query("answer").flatMap(Scenario.SignIn.Consent.init(rawValue:)) else {
                return nil
            }
            consent = clicked
        }
        switch consent {
        case .wait: return nil
        case .decline:
            let text = "User declined to consent to access the app."
            throw Declined(error: "access_denied", code: 65_004, text: text)
        case .accept: break
        }
        try admit(app, needs, tenant)
        let state = call.query("state").map { [("state", $0)] } ?? []
        return call.rest == "v1"
            ? [("tenant", tenant.id)] + state + [("admin_consent", "True")]
            : [("admin_consent", "True"), ("tenant", tenant.id)] + state + [("scope", scope)]
    }

    private func mayConsent(_ person: Scenario.SignIn, to needs: [Registration.Need]) -> Bool {
        if !Self.granters.isDisjoint(with: person.roles) { return true }
        let graph = AppRole.resources.first { $0.service == "graph" }?.app
        return !Self.registrars.isDisjoint(with: person.roles) && !needs.contains { $0.resource == graph }
    }

    /// Puts the application into the tenant with all that it says it needs.
    private func admit(
        _ app: Registration,
        _ needs: [Registration.Need],
        _ tenant: Scenario.Tenant
    ) throws(Declined) {
        let now = now
        var holder = principal(app.app, in: tenant) ?? newPrincipal(app.app, tenant)
        for need in needs {
            guard let resource = principal(need.resource, in: tenant) else {
                let text =
                    "The app needs access to a service ('\(need.resource)') that your organization "
                    + "'\(tenant.domain)' has not subscribed to or enabled."
                throw Declined(error: "invalid_client", code: 650_052, text: text)
            }
            guard let role = resource.offers.first(where: { $0.id == need.role }) else {
                let text = "The application asked for permission '\(need.role)' that does not exist."
                throw Declined(error: "invalid_request", code: 650_053, text: text)
            }
            let isHeld = holder.grants.contains { $0.resource == resource.app && $0.value == role.value }
            guard !isHeld else { continue }
            holder.grants.append(
                ServicePrincipal.Grant(
                    resource: resource.app,
                    value: role.value,
                    created: now,
                    known: Ripening(knobs.lags.consent, at: now),
                    isMade: true
                )
            )
        }
        keep(holder, in: tenant.id)
    }

    /// The tenant that is to consent; `nil` where it is the person's.
    private func consentTenant(_ call: Call) throws(Refusal) -> Scenario.Tenant? {
        if let found = tenant(call.tenant) { return found }
        // The newer endpoint does not take every account that there is.
        if call.tenant == "organizations" || call.tenant == "common" && call.rest == "v1" { return nil }
        throw trouble(90_002, "Tenant '\(call.tenant)' not found.")
    }

    // MARK: Answers

    /// What stays on the service's own page.
    private func trouble(_ code: Int, _ text: String) -> Refusal {
        let below = "<p>AADSTS\(code): \(markup(text))</p><p>Trace ID: \(guid())</p>"
        return Refusal(response: page("Sorry, but we're having trouble signing you in.", below, status: 400))
    }

    /// The page of one who has not answered yet.
    private func openPage(_ call: Call, _ app: Registration) -> Response {
        let here = markup("\(call.request.path)?\(call.request.rawQuery)")
        return page(
            "Permissions requested",
            "<p>\(markup(app.name))</p><p><a href=\"\(here)&amp;answer=accept\">Accept</a> "
                + "<a href=\"\(here)&amp;answer=decline\">Cancel</a></p>"
        )
    }

    /// The error goes to the application; it says `admin_consent=True` too, and no tenant.
    private func refused(_ declined: Declined, _ redirect: String, _ call: Call) -> Response {
        let text =
            "AADSTS\(declined.code): \(declined.text)\r\nTrace ID: \(guid())\r\nCorrelation ID: \(guid())\r\n"
            + "Timestamp: \(now.secondsText.split(separator: "T").joined(separator: " "))Z"
        let answer = [
            ("error", declined.error), ("error_description", text),
            ("error_uri", "https://login.microsoftonline.com/error?code=\(declined.code)"),
            ("admin_consent", "True"),
        ]
        return sent(to: redirect, answer + (call.query("state").map { [("state", $0)] } ?? []), ending: "#")
    }

    private func sent(to redirect: String, _ answer: [(String, String)], ending: String = "") -> Response {
        let query = answer.map { $0.0 + "=" + Self.escaped($0.1) }.joined(separator: "&")
        let joint = redirect.contains("?") ? "&" : "?"
        return Response(
            status: 302,
            headers: [("Location", redirect + joint + query + ending), ("Cache-Control", "no-store")]
        )
    }

    /// A value as the service writes it into a query.
    private static func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e: String(UnicodeScalar(byte))
            case 0x20: "+"
            default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
        }.joined()
    }
}
