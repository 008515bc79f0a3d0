// SPDX-License-Identifier: Apache-2.0
import Basics
import JSON

/// One step of the connection test.
package struct ProbeStep: Sendable, Equatable {
    /// What a step does.
    package enum Kind: String, Sendable, CaseIterable {
        /// Looks at what was entered.
        case offline
        /// Reaches every service: name, connection, TLS, proxy and clock, each named apart.
        case network
        /// Asks for a public document that says which tenant is meant.
        case discovery
        /// Makes a request and takes any success for a pass.
        case http
        /// Asks for a fresh token.
        case token
        /// Compares what the token says with what was entered.
        case claims
        /// Looks for each stream's permissions in the token.
        case roles
        /// Looks for permissions nobody needs.
        case rolesExcess = "roles-excess"
        /// Reads which plans the tenant holds.
        case license
        /// Makes a request whose refusal is a fail, then looks for content within a time as proof.
        case evidence
        /// Looks, for each stream, whether its preparation stands, and never makes it.
        case subscription
        /// Lists each stream and fetches one item.
        case firstPage = "first-page"
        /// Looks when the credential ends.
        case expiry
    }

    /// What people call the part of the test that a step belongs to.
    package enum Stage: String, Sendable, CaseIterable {
        case configuration = "Configuration"
        case network = "Network"
        case authentication = "Authentication"
        case permissions = "Permissions"
        case enablement = "Audit enablement"
        case subscription = "Subscription"
        case fetch = "Fetch logs"
    }

    /// What a step's trouble means for the whole.
    package enum Severity: String, Sendable, CaseIterable {
        case fail, warn
    }

    /// How long a step is repeated before it fails.
    package struct Retry: Sendable, Equatable {
        /// For how long.
        package let `for`: Duration
        /// How often.
        package let every: Duration
        /// Whether each try asks for a fresh token.
        package let freshToken: Bool
    }

    /// A credential field that an answer tells.
    package struct Provided: Sendable, Equatable {
        /// The field.
        package let field: String
        /// What the answer says it is.
        package let value: Template
    }

    /// What it means where another service says that the source records, and the source does not act so yet.
    package struct Starting: Sendable, Equatable {
        /// How long it can take to act.
        package let takes: Duration
        /// What is said, with `wait.until` as the time by which it acts.
        package let say: Template
        /// The remedy: to wait.
        package let remedy: String
    }

    /// Its name.
    package let id: String
    /// What it does.
    package let kind: Kind
    /// What it does, for people.
    package let title: String
    /// The part of the test it belongs to.
    package let stage: Stage
    /// The steps without which it cannot run.
    package let needs: [String]
    /// What its trouble means for the whole.
    package let severity: Severity
    /// Holds where the step applies at all; without it, always.
    package let when: Predicate?
    /// What it asks.
    package let request: RequestTemplate?
    /// What means trouble although an answer came.
    package let refuse: [Check]
    /// Fields that its answer tells; where a person entered them too, both must agree.
    package let provides: [Provided]
    /// What to do where an answer and an entry disagree, or where the step's own judgement is a fail.
    package let remedy: String?
    /// Where the answer of a `license` step names the plans that the tenant holds.
    package let plans: PlanList?
    /// How far back evidence is looked for.
    package let within: Duration?
    /// What is said where the step can tell neither way.
    package let unknown: String?
    /// The questions that settle an `evidence` step where content proves nothing, in the order they are put.
    package let confirm: [Confirmation]
    /// What it means where one of them says yes, and the source itself still refuses.
    package let starting: Starting?
    /// Where an `expiry` step may read when a secret ends.
    package let ends: EndList?
    /// How long before a credential's end it warns, the longest first.
    package let warnBefore: [Duration]
    /// How long it is repeated before it fails, while a person waits for a change to act.
    package let retry: Retry?
}

extension ProbeStep {
    init(_ node: Node) {
        var fields = Fields(node)
        id = fields.required("id")?.identifier() ?? ""
        kind = fields.required("kind")?.choice(Kind.self) ?? .offline
        title = fields.text("title")
        stage = fields.required("stage")?.choice(Stage.self) ?? .configuration
        needs = fields.texts("needs")
        severity = fields.optional("severity")?.choice(Severity.self) ?? .fail
        when = fields.optional("when")?.predicate(.probe)
        request = fields.optional("request").map { RequestTemplate($0, .request) }
        refuse = fields.list("refuse") { Check($0, .probe) }
        provides =
            fields.optional("provides")?.members { name, node in
                node.template(.probe).map { Provided(field: name, value: $0) }
            } ?? []
        remedy = fields.optionalText("remedy")
        plans = fields.optional("plans").flatMap { PlanList($0) }
        within = fields.optional("within")?.span()
        unknown = fields.optionalText("unknown")
        confirm = fields.list("confirm") { Confirmation($0) }
        starting = fields.optional("starting").map { Starting($0) }
        ends = fields.optional("ends").flatMap { EndList($0) }
        warnBefore = fields.list("warnBefore") { $0.span() }.sorted(by: >)
        retry = fields.optional("retry").map { Retry($0) }
        fields.end()
        check(node)
    }

    private func check(_ node: Node) {
        switch kind {
        case .discovery, .http, .license, .evidence:
            if request == nil { node.note(.missingKey, "asks nothing.", fix: "Add \"request\".") }
        default:
            if request != nil {
                node.note(
                    .conflict,
                    "has a request, which a \(kind.rawValue) step does not make.",
                    fix: "Leave \"request\" out."
                )
            }
        }
        if let request, request.method != .get, kind != .license {
            node.note(
                .conflict,
                "would send \(request.method.rawValue).",
                fix: "A probe changes nothing: use GET."
            )
        }
        if kind == .license, node.value["plans"] == nil {
            node.note(
                .missingKey,
                "does not say where the answer names the plans.",
                fix: "Add \"plans\" with \"each\" and \"name\"."
            )
        }
        if kind != .license, plans != nil {
            node.note(.conflict, "reads plans, which only a license step does.", fix: "Leave \"plans\" out.")
        }
        if kind == .evidence, within == nil || unknown == nil {
            node.note(
                .missingKey,
                "does not say how far back, or what to say where it cannot tell.",
                fix: "Add \"within\" and \"unknown\"."
            )
        }
        if kind != .evidence, !confirm.isEmpty || starting != nil {
            node.note(
                .conflict,
                "asks for a confirmation, which only an evidence step does.",
                fix: "Leave \"confirm\" and \"starting\" out."
            )
        } else if !confirm.isEmpty, remedy == nil || starting == nil {
            node.note(
                .missingKey,
                "does not say what to do where the source records nothing, or not yet.",
                fix: "Add \"remedy\" and \"starting\"."
            )
        } else if confirm.isEmpty, starting != nil {
            node.note(
                .conflict,
                "says what it means that recording starts, and asks nobody for it.",
                fix: "Add \"confirm\", or leave \"starting\" out."
            )
        }
        if kind != .expiry, ends != nil {
            node.note(.conflict, "reads ends, which only an expiry step does.", fix: "Leave \"ends\" out.")
        }
        if kind == .roles, remedy == nil {
            node.note(.remedy, "has no remedy for a missing permission.", fix: "Add \"remedy\".")
        }
    }
}

extension ProbeStep.Starting {
    init(_ node: Node) {
        var fields = Fields(node)
        takes = fields.required("takes")?.span(atLeast: .minutes(1), atMost: .days(1)) ?? .hours(1)
        say = fields.required("say")?.template(.words) ?? Template(literal: "")
        remedy = fields.text("remedy")
        fields.end()
    }
}

extension ProbeStep.Retry {
    init(_ node: Node) {
        var fields = Fields(node)
        `for` = fields.required("for")?.span() ?? .zero
        every = fields.required("every")?.span(atLeast: .seconds(1)) ?? .seconds(20)
        freshToken = fields.flag("freshToken", else: false)
        fields.end()
    }
}
