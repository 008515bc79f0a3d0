// SPDX-License-Identifier: Apache-2.0
import Basics

/// A preparation that must have succeeded before a stream can be listed, such as a subscription.
///
/// `look` asks how things stand, `unless` holds where nothing needs doing, `refuse` where a person must decide; only
/// then is `request` made, at most once in ``BeforeStep/MinInterval/every``.
package struct BeforeStep: Sendable, Equatable {
    /// The least time between two tries.
    package struct MinInterval: Sendable, Equatable {
        /// What shares the count.
        package enum Scope: String, Sendable, CaseIterable {
            case stream, connection, registration
        }

        /// The time.
        package let every: Duration
        /// What shares it.
        package let scope: Scope
    }

    /// Its name within the stream.
    package let id: String
    /// What it does, for people.
    package let title: String
    /// The request that only looks.
    package let look: RequestTemplate?
    /// Holds over the look's answer where nothing needs doing.
    package let unless: Predicate?
    /// Hold over the look's answer where the machine must not act.
    package let refuse: [Check]
    /// The request that prepares.
    package let request: RequestTemplate
    /// Whether it changes something at the source, so that a probe must not make it.
    package let hasSideEffect: Bool
    /// The least time between two tries, kept from before the request goes out.
    package let minInterval: MinInterval?
    /// How long a look that found nothing to do is believed.
    package let cache: Duration?
    /// Whether to look again after the request and believe only that.
    package let verify: Bool
    /// The request that takes it back; made only when a person asks for it while taking a connection off.
    package let undo: RequestTemplate?
}

extension BeforeStep {
    init(_ node: Node) {
        var fields = Fields(node)
        id = fields.required("id")?.identifier() ?? ""
        title = fields.text("title")
        look = fields.optional("look").map { RequestTemplate($0, .stream) }
        unless = fields.optional("unless")?.predicate(.answer)
        refuse = fields.list("refuse") { Check($0, .answer) }
        request =
            fields.required("request").map { RequestTemplate($0, .stream) }
            ?? RequestTemplate(service: "", path: Template(literal: "/"))
        hasSideEffect = fields.flag("sideEffect", else: false)
        minInterval = fields.optional("minInterval").map { MinInterval($0) }
        cache = fields.optional("cache")?.span()
        verify = fields.flag("verify", else: false)
        undo = fields.optional("undo").map(Self.undo)
        fields.end()
        if undo != nil, !hasSideEffect {
            node.note(
                .conflict,
                "takes back what changes nothing.",
                fix: "Add \"sideEffect\": true, or leave \"undo\" out."
            )
        }
        if (look == nil) != (unless == nil) {
            node.note(.conflict, "needs \"look\" and \"unless\" together.", fix: "Give both, or neither.")
        }
        if verify, look == nil {
            node.note(
                .conflict,
                "verifies without a \"look\".",
                fix: "Add \"look\" and \"unless\", or leave \"verify\" out."
            )
        }
        if hasSideEffect, minInterval == nil {
            node.note(
                .missingKey,
                "changes the source without a least time between two tries.",
                fix: "Add \"minInterval\"."
            )
        }
        if request.method != .get, !hasSideEffect {
            node.note(
                .conflict,
                "sends \(request.method.rawValue) without \"sideEffect\".",
                fix: "Add \"sideEffect\": true."
            )
        }
    }
}

extension BeforeStep {
    private static func undo(_ node: Node) -> RequestTemplate {
        var fields = Fields(node)
        let request =
            fields.required("request").map { RequestTemplate($0, .stream) }
            ?? RequestTemplate(service: "", path: Template(literal: "/"))
        fields.end()
        if request.method == .get {
            node.note(.conflict, "takes nothing back with a GET.", fix: "Say the request's \"method\".")
        }
        return request
    }
}

extension BeforeStep.MinInterval {
    init(_ node: Node) {
        var fields = Fields(node)
        every = fields.required("every")?.span(atLeast: .seconds(1)) ?? .minutes(15)
        scope = fields.required("scope")?.choice(Scope.self) ?? .stream
        fields.end()
    }
}
