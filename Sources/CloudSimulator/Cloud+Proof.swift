// SPDX-License-Identifier: Apache-2.0
import Basics
import Crypto
import JSON

extension Cloud {
    /// Checks the credential of a token request and answers its kind as tokens tell it.
    func prove(
        _ app: Registration,
        _ secret: String?,
        _ tenant: Scenario.Tenant,
        _ call: Call
    ) throws(Refusal) -> String {
        if let text = call.field("client_assertion"), !text.isEmpty {
            guard let assertion = ClientAssertion(text),
                call.field("client_assertion_type")
                    == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
            else {
                throw entra(50_027, "invalid_client", "JWT token is invalid or malformed.", call)
            }
            // An assertion by anybody but the app itself is an outside issuer's.
            if assertion.issuer.lowercased() != app.app, assertion.subject.lowercased() != app.app,
                assertion.thumbprint == nil || !app.trusts.isEmpty
            {
                try federated(app, assertion, call)
            } else {
                try certificate(app, assertion, tenant, call)
            }
            return "2"
        }
        guard let secret, !secret.isEmpty else {
            throw entra(
                7_000_216,
                "invalid_client",
                "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
                call
            )
        }
        guard let place = app.secrets.firstIndex(where: { $0.value == secret }),
            registrations[app.app]?.secrets[place].known.ask(at: now) ?? false
        else {
            throw entra(
                7_000_215,
                "invalid_client",
                "Invalid client secret provided. Ensure the secret being sent in the request is the client secret "
                    + "value, not the client secret ID, for a secret added to app '\(app.app)'.",
                call
            )
        }
        guard app.secrets[place].end.map({ $0 > now }) ?? true else {
            throw entra(
                7_000_222,
                "invalid_client",
                "The provided client secret keys for app '\(app.app)' are expired. Visit the Azure portal to create new "
                    + "keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials "
                    + "for added security: https://aka.ms/certCreds.",
                call
            )
        }
        return "1"
    }

    private func certificate(
        _ app: Registration,
        _ assertion: ClientAssertion,
        _ tenant: Scenario.Tenant,
        _ call: Call
    ) throws(Refusal) {
        guard assertion.issuer.lowercased() == app.app, assertion.subject.lowercased() == app.app else {
            throw entra(
                700_021,
                "invalid_client",
                "Client assertion application identifier doesn't match 'client_id' parameter. Review the documentation "
                    + "at https://learn.microsoft.com/entra/identity-platform/certificate-credentials.",
                call
            )
        }
        guard let thumbprint = assertion.thumbprint else {
            throw entra(50_027, "invalid_client", "JWT token is invalid or malformed: no thumbprint.", call)
        }
        let hex = Hex.encode(thumbprint).uppercased()
        guard let place = app.keys.firstIndex(where: { $0.bears(thumbprint) }),
            registrations[app.app]?.keys[place].known.ask(at: now) ?? false
        else {
            throw entra(
                700_027,
                "invalid_client",
                "The certificate with identifier used to sign the client assertion is not registered on application. "
                    + "[Reason - The key was not found., Thumbprint of key used by client: '\(hex)', Please visit the "
                    + "Azure Portal, Graph Explorer or directly use MS Graph to see configured keys for app Id "
                    + "'\(app.app)'.]",
                call
            )
        }
        let algorithm = (assertion.header["alg"]?.stringValue).flatMap { SignatureAlgorithm(rawValue: $0) }
        if let certificate = app.keys[place].certificate {
            guard let algorithm, certificate.verifies(assertion.signature, of: assertion.signed, algorithm)
            else {
                throw entra(
                    700_027,
                    "invalid_client",
                    "Client assertion contains an invalid signature. [Reason - Key was found, but use of the key to "
                        + "verify the signature failed., Thumbprint of key used by client: '\(hex)', Found key "
                        + "'Start=\(certificate.notBefore), End=\(certificate.notAfter)']",
                    call
                )
            }
            guard certificate.notBefore <= now, now < certificate.notAfter else {
                throw entra(
                    1_000_502,
                    "invalid_client",
                    "The provided certificate is not within its specified validity period.",
                    call
                )
            }
        }
        guard !Set(assertion.audiences).isDisjoint(with: audiences(tenant, call)) else {
            throw entra(
                700_023,
                "invalid_client",
                "Client assertion audience claim does not match Realm issuer. Review the documentation at "
                    + "https://learn.microsoft.com/entra/identity-platform/certificate-credentials.",
                call
            )
        }
        try inTime(assertion, call)
    }

    /// The URLs that an assertion may be meant for: the token endpoint, however its tenant and its base are written.
    private func audiences(_ tenant: Scenario.Tenant, _ call: Call) -> Set<String> {
        var found: Set<String> = []
        let names = [call.tenant, tenant.id] + tenant.domains
        for base in [bases.own, bases.published] {
            for name in names {
                found.insert("\(base)/login/\(name)/oauth2/token")
                found.insert("\(base)/login/\(name)/oauth2/v2.0/token")
                found.insert("\(base)/login/\(name)/v2.0")
            }
        }
        return found
    }

    private func inTime(_ assertion: ClientAssertion, _ call: Call) throws(Refusal) {
        guard !assertion.isValid(at: now) else { return }
        let from = assertion.notBefore.map(\.millisecondsText) ?? ""
        let to = assertion.expires.map(\.millisecondsText) ?? ""
        throw entra(
            700_024,
            "invalid_client",
            "Client assertion is not within its valid time range. Current time: \(now.millisecondsText), assertion "
                + "valid from \(from), expiry time of assertion \(to). Review the documentation at "
                + "https://learn.microsoft.com/entra/identity-platform/certificate-credentials.",
            call
        )
    }

    /// The outside issuers that the token endpoint knows by now; asking brings the others on.
    private func askTrusts(_ app: Registration) -> [Registration.Trust] {
        let now = now
        return app.trusts.indices.compactMap { place in
            registrations[app.app]?.trusts[place].known.ask(at: now) ?? false ? app.trusts[place] : nil
        }
    }

    private func federated(_ app: Registration, _ assertion: ClientAssertion, _ call: Call) throws(Refusal) {
        let audience = assertion.audiences.joined(separator: " ")
        let told =
            "Assertion Issuer: '\(assertion.issuer)'. Assertion Subject: '\(assertion.subject)'. Assertion Audience: "
            + "'\(audience)'. https://learn.microsoft.com/entra/workload-id/workload-identity-federation"
        let none = "No matching federated identity record found for presented assertion"
        let trusts = askTrusts(app)
        guard !trusts.isEmpty else { throw entra(70_021, "invalid_request", "\(none). \(told)", call) }
        let sameIssuer = trusts.filter { $0.issuer == assertion.issuer }
        guard !sameIssuer.isEmpty else {
            throw entra(700_211, "invalid_client", "\(none) issuer '\(assertion.issuer)'. \(told)", call)
        }
        let sameSubject = sameIssuer.filter { $0.subject == assertion.subject }
        guard !sameSubject.isEmpty else {
            let folded = sameIssuer.contains { $0.subject.lowercased() == assertion.subject.lowercased() }
            throw entra(
                folded ? 7_002_138 : 700_213,
                "invalid_client",
                "\(none) subject '\(assertion.subject)'\(folded ? ": the case differs" : ""). \(told)",
                call
            )
        }
        // Exactly one audience, and exactly this one.
        guard sameSubject.contains(where: { assertion.audiences == $0.audiences }) else {
            throw entra(700_212, "invalid_client", "\(none) audience '\(audience)'. \(told)", call)
        }
        try inTime(assertion, call)
    }
}
