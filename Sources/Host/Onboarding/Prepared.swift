// SPDX-License-Identifier: Apache-2.0
package import Basics
import Connectors
package import Identity
package import Source
package import Status
package import Store

/// A connection that is ready to be tested, and what the ledger already knows around it.
package struct Prepared: Sendable {
    package let answers: Answers
    package let form: FilledForm
    package let offered: OfferedCredential?
    package private(set) var registration: Registration
    package let existing: Connection?
    package let customer: Customer?
    /// Whether other connections use the registration too.
    package let isRegistrationShared: Bool
    package let isRegistrationKnown: Bool
    /// What the connection proves itself with.
    package let credential: Identity.Credential
    /// What the connection test asks through.
    package let session: Session

    /// The same with a person's word for when the credential ends, where nobody knows better.
    package func declaring(_ end: Timestamp?) -> Prepared {
        var declaring = self
        if let end, let current = registration.current, current.expirySource != .verified {
            declaring.registration.current?.expiresAt = end
            declaring.registration.current?.expirySource = .declared
        }
        return declaring
    }

    /// Fields that were not given, are not needed, and are missed all the same, in words.
    ///
    /// They are those that a setting would stand in for.
    package var warnings: [String] {
        form.definition.credentials.filter { field in
            !field.isSecret && form.values[field.name] == nil
                && SettingKey.all.contains { $0.name == field.name }
        }.map {
            "\($0.label) is not given: \($0.help) Set it once with: headgate config set \($0.name) VALUE"
        }
    }
}

/// What the connection test found, as far as accepting the connection goes by it.
package struct Trial: Sendable, Equatable {
    /// Why nothing can be collected at all.
    package var connection: Cause?
    /// Why single streams cannot be collected.
    package var streams: [String: Cause]
    /// The plans that the tenant's list names; `nil` where it was not read.
    package var plans: Set<String>?
    /// The streams that lack a plan by that list, with the words for it.
    package var unlicensed: [String: String]
    /// When the secret ends, as the service says that knows the app; `nil` where it does not tell.
    package var credentialEnd: Timestamp?

    /// What was found; without causes, all is well.
    package init(
        connection: Cause? = nil,
        streams: [String: Cause] = [:],
        plans: Set<String>? = nil,
        unlicensed: [String: String] = [:],
        credentialEnd: Timestamp? = nil
    ) {
        self.connection = connection
        self.streams = streams
        self.plans = plans
        self.unlicensed = unlicensed
        self.credentialEnd = credentialEnd
    }
}

/// What came of adding a connection.
package struct Added: Sendable {
    /// How a connection stands after it was added.
    package enum Standing: String, Sendable {
        /// Every chosen stream collects.
        case collecting
        /// Some streams start blocked.
        case partly
        /// Nothing can be collected yet.
        case draft
    }
    package let connection: Connection
    package let standing: Standing
    package let isUpdate: Bool
    /// The blocked streams with their causes.
    package let blocked: [String: Cause]
    /// The streams that are left out for want of a plan, with the words for it.
    package let excluded: [String: String]
    /// Whether a credential that others rely on was left as it was, since the new one did not work.
    package let keptOldCredential: Bool
}
