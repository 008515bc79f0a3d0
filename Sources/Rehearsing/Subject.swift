// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Crypto
import HTTPClient
import Identity
import JSON
import Status

/// What a test's connection is set up with: entries, made-up secrets, and the names that requests may use.
struct Subject: Sendable {
    /// What was entered, without secrets, by the definition's names.
    private(set) var credentials: Object
    /// The secret fields, made up.
    let secrets: [String: Secret]
    let credential: Identity.Credential
    private let identityParts: [String]
    private let cloudName: String

    init(_ given: Rehearsal.Given, _ definition: Definition, _ folder: TemporaryHome) throws {
        var entries = Object()
        for field in definition.credentials where !field.isSecret {
            let isDispensable = field.requiredUnless.map { given.credentials[$0] != nil } ?? false
            let example = field.isRequired && !isDispensable ? field.example : nil
            if let value = given.credentials[field.name] ?? field.default ?? example {
                entries[field.name] = .string(value)
            }
        }
        credentials = entries
        var secrets: [String: Secret] = [:]
        for field in definition.credentials where field.kind == .secret {
            secrets[field.name] = Secret("rehearsal~" + Base64.encodeURL(Random.bytes(24)))
        }
        self.secrets = secrets
        switch given.credential {
        case .secret: credential = .secret(secrets.values.first ?? Secret(Base64.encodeURL(Random.bytes(24))))
        case .certificate:
            credential = .certificate(
                try CertifiedKey.selfSigned(subject: "rehearsal", days: 365, from: given.now - .days(1))
            )
        case .federated:
            credential = .federatedFile(try folder.write("made.up.assertion\n", to: "federated-token"))
        }
        identityParts = definition.identity
        cloudName = given.cloud
    }

    /// This one with fields that were found out on the way.
    func with(_ learnt: [String: String]) -> Subject {
        var other = self
        for (name, value) in learnt.sorted(by: { $0.key < $1.key }) {
            other.credentials[name] = .string(value)
        }
        return other
    }

    var identity: String {
        identityParts.map { $0 == "cloud" ? cloudName : credentials[$0]?.stringValue ?? "" }.joined(
            separator: "/"
        )
    }
    /// The tenant's id, or the identity's value where there is no tenant.
    var tenant: String { credentials["tenantId"]?.stringValue ?? identity }
    var client: String { credentials["clientKey"]?.stringValue ?? "rehearsal" }

    var names: Names {
        var names = Names()
        names["credentials"] = .object(credentials)
        names["publisherId"] = credentials["publisherId"]
        names["connection"] = .object([
            "path": .string(Stage.key.description), "customer": .string(Stage.key.customer),
            "name": .string(Stage.key.connection),
        ])
        return names
    }

    /// The path at which `request` will be sent, after its service's base; `nil` where it cannot be made.
    func path(of request: RequestTemplate, in cloud: Cloud?) -> String? {
        let bases =
            cloud?.bases.sorted { $0.key < $1.key }.map { ($0.key, Value.string($0.value.text)) } ?? []
        let names = names.with("cloud", .object(Object(bases))).with("audience", .string(""))
        return try? request.path.text(in: names) { PercentEncoding.segment($0) ?? "" }
    }
}
