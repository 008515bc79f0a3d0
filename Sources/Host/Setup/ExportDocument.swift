// SPDX-License-Identifier: Apache-2.0
import Basics
package import JSON
import Status
package import Store

/// The whole set-up as one document that people can review and compare: no secret, no time of day, in a fixed order.
package enum ExportDocument {
    /// Puts together what the ledger and the settings hold.
    package static func document(
        customers: [Customer],
        registrations: [Registration],
        connections: [Connection],
        settings: Settings
    ) -> Value {
        let registered = registrations.sorted {
            ($0.cloud, $0.tenant, $0.clientKey) < ($1.cloud, $1.tenant, $1.clientKey)
        }
        return [
            "schema": 1,
            "config": .object(settings.object),
            "registrations": .array(registered.map(registration)),
            "customers": .array(
                customers.sorted { $0.id < $1.id }.map { customer in
                    let own = connections.filter { $0.key.customer == customer.id }.sorted { $0.key < $1.key }
                    return [
                        "id": .string(customer.id), "name": .string(customer.name),
                        "connections": .array(own.map { connection($0, registrations) }),
                    ]
                }
            ),
        ]
    }

    /// A registration without its secrets.
    package static func registration(_ registration: Registration) -> Value {
        [
            "cloud": .string(registration.cloud), "tenant": .string(registration.tenant),
            "clientKey": .string(registration.clientKey),
            "current": registration.current.map(credential) ?? .null,
            "next": registration.next.map(credential) ?? .null,
        ]
    }

    /// A connection in the words of an answers file, with what was decided since.
    package static func connection(_ connection: Connection, _ registrations: [Registration]) -> Value {
        let registration = registrations.first { $0.id == connection.registration }
        return [
            "connector": .string(connection.connector), "name": .string(connection.key.connection),
            "displayName": .string(connection.name),
            "cloud": connection.cloud.map { .string($0) } ?? .null,
            "tenant": .string(connection.tenant),
            "credentials": connection.credentials,
            "registration": registration.map { .string($0.path) } ?? .null,
            "streams": .array(connection.streams.map(stream)),
            "start": .string(connection.start), "draft": .bool(connection.isDraft),
            "noChanges": .bool(connection.noChanges),
        ]
    }

    private static func stream(_ choice: StreamChoice) -> Value {
        [
            "id": .string(choice.stream),
            "hold": choice.hold.map {
                [
                    "kind": .string($0.kind.rawValue), "by": .string($0.by), "reason": .string($0.reason),
                    "until": $0.until.map { .string($0.description) } ?? .null,
                ]
            } ?? .null,
            "select": choice.select ?? .null,
        ]
    }

    private static func credential(_ credential: Credential) -> Value {
        [
            "kind": .string(credential.kind.rawValue),
            "at": .string(credential.reference.map(\.description) ?? "vault"),
            "expiresAt": credential.expiresAt.map { .string($0.description) } ?? .null,
            "thumbprint": credential.thumbprint.map { .string($0) } ?? .null,
        ]
    }
}

extension Registration {
    /// The name by which a connection's entry refers to it.
    var path: String { Self.path(cloud, tenant, clientKey) }

    /// The name of the registration that these parts make up.
    static func path(_ cloud: String, _ tenant: String, _ clientKey: String) -> String {
        [cloud, tenant, clientKey].filter { !$0.isEmpty }.joined(separator: "/")
    }
}
