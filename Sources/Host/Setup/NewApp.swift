// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import JSON
import Source
package import Store

/// A connection as it would be with another app, and that app's registration; nothing of it stands in the ledger yet.
package struct NewApp: Sendable {
    /// The connection with the new app in it.
    package let connection: Connection
    /// The new app's registration.
    package let registration: Registration
    /// The app's registration so far.
    package let former: Registration?
    /// Whether other connections use the new app already.
    package let isKnown: Bool
    let definition: Definition
    let offered: OfferedCredential?

    /// The app's id so far.
    package var formerKey: String { former?.clientKey ?? "" }

    /// Looks at a new Client Key and credential for `connection`, or says everything that is wrong with them.
    ///
    /// `id` names the registration where the app is not known yet.
    init(
        _ connection: Connection,
        clientKey given: String,
        _ offered: OfferedCredential?,
        looked: OfferedCredential?,
        declaredExpiry: Timestamp?,
        definition: Definition,
        among registry: Registry,
        newID id: @autoclosure () -> String,
        now: Timestamp
    ) throws {
        guard let field = definition.credential("clientKey") else {
            throw CredentialRefused("\(definition.title) knows no apps: give only the new credential.")
        }
        var entered = connection.entered
        let clientKey = field.normalised(given)
        entered[field.name] = clientKey
        var problems = field.problems(with: given, among: entered)
        let former = registry.registrations.first { $0.id == connection.registration }
        if clientKey == former?.clientKey {
            problems.append("\(field.label) is the one in use: leave it out.")
        }
        let cloud = former?.cloud ?? connection.cloud ?? definition.id
        // A provider's own app is shared by name; one of the customer's own is known by the tenant.
        let tenant = former.map { $0.tenant.hasPrefix("shared:") ? connection.tenant : $0.tenant }
        let known = registry.registrations.first {
            $0.cloud == cloud && $0.tenant == tenant ?? connection.tenant && $0.clientKey == clientKey
        }
        var registration =
            known
            ?? Registration(
                id: id(),
                cloud: cloud,
                tenant: tenant ?? connection.tenant,
                clientKey: clientKey,
                created: now
            )
        if let offered, known?.current == nil {
            problems += looked?.problems(for: definition, values: entered, now: now) ?? []
            registration = registration.replacing(
                by: offered.record(beside: registration, declaredExpiry: declaredExpiry, now: now)
            )
        } else if offered != nil {
            problems.append(
                "The app \(clientKey) is known already, with a credential that others use: leave the new one out, "
                    + "or bring it into use with headgate rotate."
            )
        } else if registration.current == nil {
            throw CredentialMissing(definition)
        }
        guard problems.isEmpty else { throw CredentialRefused(problems.joined(separator: " ")) }
        var moved = connection
        moved.registration = registration.id
        var credentials = connection.credentials.objectValue ?? [:]
        credentials[field.name] = .string(clientKey)
        moved.credentials = .object(credentials)
        let before = connection.entered
        guard
            definition.identity(cloud: connection.cloud, { entered[$0] })
                == definition.identity(cloud: connection.cloud, { before[$0] })
        else {
            throw CredentialRefused("With this app it would be another connection: add it as one of its own.")
        }
        self.connection = moved
        self.registration = registration
        self.former = former
        isKnown = known != nil
        self.definition = definition
        self.offered = known?.current == nil ? offered : nil
    }
}
