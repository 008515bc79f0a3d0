// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Crypto
import Identity
import JSON
import Source
import Status

/// What a test's connection is set up with: entries and a made-up credential.
struct Subject: Sendable {
    private static let registration = "rehearsal-registration"

    /// What was entered, without secrets, by the definition's names.
    private(set) var credentials: Object
    /// The secret, made up.
    let secret: Secret
    let credential: Identity.Credential
    /// The cloud by its name; `nil` where no service comes from one.
    let cloud: String?
    private let definition: Definition

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
        let secret = Secret("rehearsal~" + Base64.encodeURL(Random.bytes(24)))
        self.secret = secret
        switch given.credential {
        case .secret: credential = .secret(secret)
        case .certificate:
            credential = .certificate(
                try CertifiedKey.make(
                    commonName: "rehearsal",
                    validFor: .days(365),
                    now: given.now,
                    bits: 2_048
                )
            )
        case .federated:
            credential = .federatedFile(try folder.write("made.up.assertion\n", to: "federated-token"))
        }
        self.definition = definition
        cloud = definition.usesCloud ? given.cloud : nil
    }

    /// This one with fields that were found out on the way.
    func with(_ learnt: [String: String]) -> Subject {
        var other = self
        for (name, value) in learnt.sorted(by: { $0.key < $1.key }) {
            other.credentials[name] = .string(value)
        }
        return other
    }

    var identity: String { definition.identity(cloud: cloud, entered) }
    /// The tenant's id, or the identity's value where there is no tenant.
    var tenant: String { definition.tenant(entered) }
    var client: String { credentials["clientKey"]?.stringValue ?? Self.registration }
    var registration: String { Self.registration }

    private func entered(_ name: String) -> String? { credentials[name]?.stringValue }

    /// What a session is opened for.
    var opening: SessionMaker.Subject {
        SessionMaker.Subject(
            customer: Stage.key.customer,
            connection: Stage.key.connection,
            cloud: cloud,
            tenant: tenant,
            credentials: credentials,
            registration: registration,
            credential: credential,
            credentialVersion: 1
        )
    }
}
