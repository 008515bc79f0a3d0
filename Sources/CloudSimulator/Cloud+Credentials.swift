// SPDX-License-Identifier: Apache-2.0
import Basics
import Crypto
import HTTPServer
import JSON

/// The credentials of an application: secrets, certificates and outside issuers.
extension Cloud {
    /// Makes a secret and tells it this once.
    func addPassword(_ found: Registration, _ call: Call) throws(Refusal) -> Response {
        let asked = try body(call)["passwordCredential"] ?? [:]
        guard asked.objectValue != nil else {
            throw invalid("Invalid value specified for property 'passwordCredential'.", call)
        }
        var end = now + .days(730)
        if let text = asked["endDateTime"]?.stringValue {
            guard let told = Timestamp(iso8601: text), told > now else {
                throw invalid("The end date of the password credential is invalid.", call)
            }
            end = told
        }
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789~._-")
        let value = "sim8Q~" + String((0..<34).map { _ in letters[random.below(letters.count)] })
        let secret = Registration.Secret(
            keyID: guid(),
            value: value,
            name: asked["displayName"]?.stringValue ?? "",
            start: now,
            end: end,
            known: Ripening(knobs.lags.secret, at: now),
            isMade: true
        )
        registrations[found.app]?.secrets.append(secret)
        return graph(secret.shown(text: true), call)
    }

    /// Takes a secret away; it is no good from now on.
    func removePassword(_ found: Registration, _ call: Call) throws(Refusal) -> Response {
        guard let id = try body(call)["keyId"]?.stringValue?.lowercased(), isGUID(id) else {
            throw invalid("Invalid value specified for property 'keyId'.", call)
        }
        guard found.secrets.contains(where: { $0.keyID == id }) else {
            throw invalid("No password credential found with keyId '\(id)'.", call)
        }
        registrations[found.app]?.secrets.removeAll { $0.keyID == id }
        return done(call)
    }

    /// The keys that a body leaves an application with; `nil` where it says nothing of keys.
    ///
    /// The list replaces the one before; of keys that are there already the id alone keeps them.
    func uploaded(
        _ body: Object,
        _ old: [Registration.Key],
        _ call: Call
    ) throws(Refusal) -> [Registration.Key]? {
        guard let told = body["keyCredentials"] else { return nil }
        guard let entries = told.arrayValue else {
            throw invalid("Invalid value specified for property 'keyCredentials'.", call)
        }
        var keys: [Registration.Key] = []
        for entry in entries {
            let id = entry["keyId"]?.stringValue?.lowercased()
            guard let text = entry["key"]?.stringValue else {
                guard let kept = old.first(where: { $0.keyID == id }) else {
                    throw invalid("New key credential must have a value for property 'key'.", call)
                }
                keys.append(kept)
                continue
            }
            keys.append(try uploaded(text, id, entry, call))
        }
        return keys
    }

    private func uploaded(
        _ text: String,
        _ id: String?,
        _ entry: Value,
        _ call: Call
    ) throws(Refusal) -> Registration.Key {
        guard entry["type"]?.stringValue == "AsymmetricX509Cert", entry["usage"]?.stringValue == "Verify"
        else {
            throw invalid("Key credentials must be of type AsymmetricX509Cert and for usage Verify.", call)
        }
        guard let bytes = Base64.decode(text), let certificate = try? Certificate(der: bytes) else {
            throw invalid("The value of property 'key' is not a valid X.509 certificate.", call)
        }
        guard certificate.rsaBits >= 2_048 else {
            throw invalid("The key of the certificate must be RSA and at least 2048 bits long.", call)
        }
        guard certificate.notAfter > now else {
            throw invalid("Key credential end date is invalid: the certificate has expired.", call)
        }
        return Registration.Key(
            keyID: id ?? guid(),
            name: entry["displayName"]?.stringValue ?? certificate.subject,
            certificate,
            known: Ripening(knobs.lags.certificate, at: now)
        )
    }

    // MARK: Outside issuers

    /// Most federated credentials of one application.
    private static let mostTrusts = 20

    /// Lists, makes or takes away federated credentials.
    func federatedCredentials(
        _ found: Registration,
        _ method: String,
        _ part: String?,
        _ call: Call
    ) throws(Refusal) -> Response {
        guard let part else {
            switch method {
            case "GET":
                let all = found.trusts.compactMap(\.shown.objectValue)
                return listed(all, "federatedIdentityCredentials", call)
            case "POST": return try trust(found, call)
            default: throw notFound(call)
            }
        }
        guard let place = found.trusts.firstIndex(where: { $0.id == part.lowercased() || $0.name == part })
        else { throw absent(part, call) }
        switch method {
        case "GET": return graph(found.trusts[place].shown, call)
        case "DELETE":
            registrations[found.app]?.trusts.remove(at: place)
            return done(call)
        default: throw notFound(call)
        }
    }

    private func trust(_ found: Registration, _ call: Call) throws(Refusal) -> Response {
        let body = try body(call)
        let name = body["name"]?.stringValue ?? ""
        let letters = name.allSatisfy {
            $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_")
        }
        guard (3...120).contains(name.count), letters else {
            throw invalid("Invalid value specified for property 'name' of FederatedIdentityCredential.", call)
        }
        guard let issuer = body["issuer"]?.stringValue, issuer.hasPrefix("https://"),
            let subject = body["subject"]?.stringValue, !subject.isEmpty
        else { throw invalid("FederatedIdentityCredential needs an https issuer and a subject.", call) }
        let audiences = body["audiences"]?.arrayValue?.compactMap(\.stringValue) ?? []
        guard audiences.count == 1 else {
            throw invalid("FederatedIdentityCredential must have exactly one audience.", call)
        }
        guard !found.trusts.contains(where: { $0.name == name }) else {
            throw graph(
                409,
                "Request_MultipleObjectsWithSameKeyValue",
                "FederatedIdentityCredential with name \(name) already exists.",
                call
            )
        }
        guard found.trusts.count < Self.mostTrusts else {
            throw invalid(
                "An application may have at most \(Self.mostTrusts) federated identity credentials.",
                call
            )
        }
        let made = Registration.Trust(
            id: guid(),
            name: name,
            issuer: issuer,
            subject: subject,
            audiences: audiences,
            known: Ripening(knobs.lags.federation, at: now),
            isMade: true
        )
        registrations[found.app]?.trusts.append(made)
        return graph(made.shown, call, status: 201)
    }
}
