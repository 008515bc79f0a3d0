// SPDX-License-Identifier: Apache-2.0
package import Connectors

/// A walk that a person is led through: what is told, asked, checked, changed and kept, in which order.
///
/// Data of one JSON file; the engine that runs it knows neither the screen nor the services that it names.
package struct Flow: Sendable, Equatable {
    /// The newest language version this host knows.
    package static let language = 1

    /// What a flow is for; every connector has one of each, its own or the general one.
    package enum Purpose: String, Sendable, CaseIterable {
        case setup, reconfigure, reauth, rotate, repair, remove
    }

    /// A connector that the flow sets up.
    package struct Member: Sendable, Equatable {
        /// The connector's id.
        package let id: String
        /// What a connection of it is called unless a person says otherwise.
        package let name: String
        /// Whether it is set up where nobody chooses.
        package let isChosen: Bool
    }

    /// Its name, which is its folder's.
    package let id: String
    package let purpose: Purpose
    /// What people call it.
    package let title: String
    /// The connectors it is for; none means every connector that has no flow of its own.
    package let members: [Member]
    /// Values that texts and requests name as `config.x`, unless the host's settings say otherwise.
    package let config: [String: String]
    /// The services that it asks itself, with their errors and remedies; `nil` where it asks none.
    package let asker: Definition?
    /// How a person signs in for what the flow changes in their name.
    package let signIn: SignIn?
    /// The steps in order.
    package let steps: [FlowStep]

    /// The step of that id.
    package func step(_ id: String) -> FlowStep? { steps.first { $0.id == id } }
    /// The place of a step.
    func place(_ id: String) -> Int? { steps.firstIndex { $0.id == id } }
}

/// How a person signs in with a code on another device (RFC 8628), as data.
package struct SignIn: Sendable, Equatable {
    /// The service that gives tokens.
    package let service: String
    /// The segment of its addresses that says which tenant's people may sign in.
    package let tenant: Template?
    /// Where a code is asked for, after the tenant.
    package let codePath: String
    /// Where the token is asked for, after the tenant.
    package let tokenPath: String
    /// The public client that asks.
    package let client: Template
    package let scopes: [String]
    /// The service that the token is for.
    package let `for`: String
    /// Where the token says what it is.
    package let claims: Auth.Claims?
    /// The errors by which the provider says that the person declined.
    package let declinedErrors: Set<String>
    /// Fields of the connectors' form that the token's claims fill, such as the tenant.
    package let provides: [FlowValue]
    /// What is asked first in the person's name, so that the person can be told whose tenant it is.
    package let look: Look?
    /// What is told once somebody has signed in: who it is, and where.
    package let says: Template?

    /// A question in the person's name, and what its answer gives under `saved`.
    package struct Look: Sendable, Equatable {
        package let request: RequestTemplate
        package let provides: [FlowValue]
    }
}

/// A name and the template that gives its value.
package struct FlowValue: Sendable, Equatable {
    package let name: String
    package let value: Template
}
