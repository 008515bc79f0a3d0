// SPDX-License-Identifier: Apache-2.0
import Basics
package import Connectors
package import JSON

/// One change at a service: how it is looked for first, made, read back and undone.
package struct Change: Sendable, Equatable {
    /// What a change is made for, one by one.
    package enum Each: String, Sendable, CaseIterable {
        /// Each permission that the chosen connectors declare.
        case permissions
        /// Each API whose permissions they declare.
        case resources
    }

    /// A look before, or after.
    package struct Look: Sendable, Equatable {
        package let request: RequestTemplate
        /// Holds where the answer shows what is looked for.
        package let holds: Predicate
    }

    /// Refusals that pass by themselves.
    package struct Retry: Sendable, Equatable {
        /// The error rules that they match.
        package let on: [String]
        package let every: Duration
        package let limit: Duration
    }

    package let id: String
    /// What it changes, for the person who agrees to it.
    package let title: Template
    package let each: Each?
    /// Holds where it is needed at all; without it, always.
    package let when: Predicate?
    /// How it is found, where it stands already.
    package let find: Look?
    /// What makes it.
    package let request: RequestTemplate
    /// The error rules by which the service says that it stands already.
    package let accept: [String]
    /// What is kept of the answer, by name.
    package let save: [SavedPart]
    /// The same for the answer of the look before; without it, ``save``.
    package let saveFound: [SavedPart]
    /// A secret that only this answer holds, which becomes the credential.
    package let saveSecret: Pointer?
    package let retry: Retry?
    /// What must be seen afterwards.
    package let readBack: Look?
    /// What takes it back.
    package let undo: RequestTemplate?

    /// A part of an answer under a name.
    package struct SavedPart: Sendable, Equatable {
        package let name: String
        package let pointer: Pointer
    }
}
