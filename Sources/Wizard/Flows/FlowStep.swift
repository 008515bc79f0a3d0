// SPDX-License-Identifier: Apache-2.0
import Basics
package import Connectors
import Probing

/// One step of a flow.
package struct FlowStep: Sendable, Equatable {
    /// What a step does.
    package enum Kind: String, Sendable, CaseIterable {
        /// Tells what is ahead.
        case intro
        /// Has one of several ways chosen.
        case choose
        /// Asks for something that is no secret.
        case ask
        /// Asks for the credential, or makes it.
        case secret
        /// Sends the person elsewhere and waits for their word that it is done.
        case instruct
        /// Finds something out; its outcome decides the way.
        case check
        /// Looks again and again until something is so; may be left and taken up later.
        case wait
        /// Shows exactly what will be changed and asks for agreement.
        case confirm
        /// Changes something.
        case apply
        /// Writes files for somebody who never sees Headgate.
        case handoff
        /// Says what was done.
        case summary
    }

    /// What a `check` or an `apply` step runs.
    package enum Run: String, Sendable, CaseIterable {
        /// Finds the tenant from what was entered, by public documents.
        case tenant
        /// Lets a person sign in with a code.
        case signIn = "sign-in"
        /// Forgets who signed in, and the tenant that they brought.
        case signOut = "sign-out"
        /// Tests every chosen connector.
        case probe
        /// Keeps the connections as the test has judged them.
        case connect
        /// Collects for the first time.
        case firstCycle = "first-cycle"
        /// Sends the step's own changes.
        case changes
        /// Brings another credential into use for everything that uses the app.
        case rotate
        /// Gives a connection whose credential is refused another one.
        case reauth
        /// Writes down when the credential in use ends, as a person says.
        case declare
        /// Takes a connection off.
        case remove
        /// Looks at a connection again, with a person's word for what the machine must not do by itself.
        case repair
        /// Changes what is collected.
        case reconfigure
    }

    /// How a credential can be given.
    package enum Offer: String, Sendable, CaseIterable {
        /// A key and certificate made here, of which the public part is shown.
        case certificate
        /// A secret that is typed.
        case secret
        /// A certificate in a file.
        case file
        /// A secret that one of the flow's own changes makes, and that goes straight into the vault.
        case issued
    }

    /// A way that can be chosen.
    package struct Option: Sendable, Equatable {
        package let id: String
        package let label: Template
        package let help: Template?
        /// Holds where the way is open; without it, always.
        package let when: Predicate?
        /// The step to go to; the next one without it.
        package let goto: String?
    }

    /// An answer that is refused.
    package struct Rejection: Sendable, Equatable {
        package let condition: Predicate
        package let say: Template
    }

    package let id: String
    package let kind: Kind
    package let title: Template
    /// What is told, a paragraph each.
    package let body: [Template]
    /// Holds where the step applies at all; without it, always.
    package let when: Predicate?
    /// The step that an outcome leads to; the following one where it is not named.
    package let next: [String: String]
    /// The answer's name, for `ask` and `choose`.
    package let answer: String?
    /// The fields of the connectors' form that one answer is for, the first that it fits; `*` for all that are open.
    package let credentials: [String]
    /// The question itself.
    package let question: Template?
    /// What is explained to whoever asks, a paragraph each; fields of the connectors' form explain themselves.
    package let help: [Template]
    package let example: String?
    /// What stands for an empty answer.
    package let usual: Template?
    package let isOptional: Bool
    /// Answers that are refused with a reason; the answer stands among `answers` while it is looked at.
    package let reject: [Rejection]
    package let options: [Option]
    package let offers: [Offer]
    package let run: Run?
    /// The path through the pages of a portal.
    package let `where`: Template?
    /// The page itself.
    package let link: Template?
    package let changes: [Change]
    /// The step whose changes a `confirm` step shows; what will be collected without it.
    package let of: String?
    package let files: [HandoffFile]
    /// How often a `wait` step looks.
    package let every: Duration
    /// For how long it looks.
    package let limit: Duration
    /// The stage of the connection test that a `wait` step waits for.
    package let until: ProbeStep.Stage?

    /// Whether a person has to do something at it.
    package var isAsking: Bool {
        switch kind {
        case .choose, .ask, .instruct, .confirm, .handoff: true
        // Where the one credential there can be is made here, nobody is asked for anything.
        case .secret: offers.count > 1 || offers.contains { $0 == .secret || $0 == .file }
        case .intro, .check, .wait, .apply, .summary: false
        }
    }
}

/// A file written for somebody else, made of a text that lies beside the flow.
package struct HandoffFile: Sendable, Equatable {
    /// The text's file in the flow's folder.
    package let from: String
    /// The name of the file that is written.
    package let to: Template
    /// What it is, for the person who hands it on.
    package let label: String
}
