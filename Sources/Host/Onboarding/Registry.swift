// SPDX-License-Identifier: Apache-2.0
package import Basics
import Connectors
package import Status
package import Store

/// What the ledger holds already, looked at before something is added to it.
package struct Registry: Sendable {
    package let customers: [Customer]
    package let registrations: [Registration]
    package let connections: [Connection]

    /// Puts it together from its parts.
    package init(
        customers: [Customer] = [],
        registrations: [Registration] = [],
        connections: [Connection] = []
    ) {
        self.customers = customers
        self.registrations = registrations
        self.connections = connections
    }

    /// Reads all of it.
    package init(_ ledger: any Ledger) async throws {
        customers = try await ledger.customers()
        registrations = try await ledger.registrations()
        connections = try await ledger.connections()
    }

    /// The connection that `answers` would update; a problem where they clash with one that is set up already.
    package func existing(_ answers: Answers, _ form: FilledForm) throws(AnswersRefused) -> Connection? {
        let key = answers.key
        if let same = connections.first(where: { $0.key == key }) {
            guard same.connector == form.definition.id else {
                throw Self.clash(
                    "/name",
                    "\(key) is a connection of \(same.connector) already; choose another name"
                )
            }
            guard same.identity == form.identity else {
                throw Self.clash(
                    "/name",
                    "\(key) is set up for \(same.tenant), not for \(form.tenant); choose another name, or remove it first"
                )
            }
            return same
        }
        let twin = connections.first { $0.connector == form.definition.id && $0.identity == form.identity }
        guard let twin else { return nil }
        throw Self.clash(
            "/name",
            twin.isDraft
                ? "\(form.tenant) is set up already as the draft \(twin.key); headgate repair \(twin.key) finishes it"
                : "\(form.tenant) is connected already as \(twin.key); every record would be collected twice"
        )
    }

    /// The registration of these answers, found by cloud, tenant or shared name, and client key; a new one with `id`
    /// where there is none.
    package func registration(
        _ answers: Answers,
        _ form: FilledForm,
        newID id: @autoclosure () -> String,
        now: Timestamp
    ) -> Registration {
        // A credential is shared among definitions that send it to one and the same sign-in, and to no other service.
        let auth = form.definition.auth
        let signIn = auth.token.flatMap { form.definition.service($0.service) }?.cloud
        let cloud = signIn.flatMap { _ in form.cloud } ?? form.definition.id
        let tenant = answers.registration.map { "shared:" + $0 } ?? form.tenant
        let known = registrations.first {
            $0.cloud == cloud && $0.tenant == tenant && $0.clientKey == form.clientKey
        }
        return known
            ?? Registration(id: id(), cloud: cloud, tenant: tenant, clientKey: form.clientKey, created: now)
    }

    /// Whether another connection than `key` uses the registration.
    package func isShared(_ registration: Registration, besides key: ConnectionKey) -> Bool {
        connections.contains { $0.registration == registration.id && $0.key != key }
    }

    private static func clash(_ pointer: String, _ sentence: String) -> AnswersRefused {
        AnswersRefused([AnswerProblem(pointer, sentence)])
    }
}

extension Answers {
    /// The connection they are about.
    package var key: ConnectionKey { ConnectionKey(customer: customer, connection: name) }
}
