// SPDX-License-Identifier: Apache-2.0
import Basics
import JSON

/// Recognises one trouble by its answer and says what it is and what to do.
package struct ErrorRule: Sendable, Equatable {
    /// What an answer must look like; everything that is stated must fit.
    package struct Match: Sendable, Equatable {
        /// Statuses, of which one fits; `5xx` stands for a hundred of them.
        package let status: [StatusPattern]
        /// Error codes, of which one fits.
        package let code: [String]
        /// Texts of which all must stand in the answer's words.
        package let all: [String]
        /// Texts of which one must stand in the answer's words.
        package let any: [String]
        /// A condition over `response`.
        package let condition: Predicate?
        /// Troubles of the way there, of which one fits.
        package let transport: [Trouble]
        /// Services, of which one fits.
        package let service: [String]
        /// Kinds of request, of which one fits.
        package let step: [Answer.Step]
    }

    /// One status or a hundred of them.
    package enum StatusPattern: Sendable, Equatable {
        /// One status.
        case exactly(Int)
        /// The hundred that starts with this digit.
        case hundred(Int)

        func fits(_ status: Int) -> Bool {
            switch self {
            case .exactly(let wanted): status == wanted
            case .hundred(let digit): status / 100 == digit
            }
        }
    }

    /// Its name.
    package let id: String
    /// What an answer must look like.
    package let match: Match
    /// What kind of trouble it is.
    package let faultClass: FaultClass
    /// What the machine does.
    package let action: FaultAction
    /// How long to wait.
    package let wait: Wait?
    /// What a person does.
    package let remedy: String?
    /// What it means in a sentence, for people who never saw the code.
    package let say: String?
    /// Whether what was asked for is missing for good.
    package let isGap: Bool
    /// How many new tokens one token's refusal may cost.
    package let maxRefresh: Int

    /// Whether `answer` is this trouble.
    package func matches(_ answer: Answer) -> Bool {
        Part.allCases.allSatisfy { fits($0, answer) != false }
    }

    /// Whether it can match an answer with a status of success, which most answers have.
    package var looksAtSuccess: Bool { match.transport.isEmpty && match.status.contains { $0.fits(200) } }
}

extension ErrorRule {
    init(_ node: Node) {
        var fields = Fields(node)
        id = fields.required("id")?.identifier() ?? ""
        match = fields.required("match").map { Match($0) } ?? Match(nothing: ())
        faultClass = fields.required("class")?.choice(FaultClass.self) ?? .bug
        action = fields.required("action")?.choice(FaultAction.self) ?? .retry
        wait = fields.optional("wait").map { Wait($0) }
        remedy = fields.optionalText("remedy")
        say = fields.optionalText("say")
        isGap = fields.flag("gap", else: false)
        maxRefresh = fields.optional("maxRefresh")?.whole(0...3) ?? (action == .refreshToken ? 1 : 0)
        fields.end()
        check(node)
    }

    private func check(_ node: Node) {
        switch (faultClass.isBlocking, action) {
        case (true, .retry), (true, .ignore), (true, .succeed), (true, .skipItem), (true, .wait):
            node.note(
                .conflict,
                "calls for a person (class \(faultClass.rawValue)) and lets the machine go on (\(action.rawValue)).",
                fix: "Use block-stream or block-connection, or another class."
            )
        case (_, .refreshToken) where faultClass == .permission:
            node.note(
                .conflict,
                "asks for a new token where a permission is missing.",
                fix: "A new token holds the same permissions; use block-stream."
            )
        case (_, .wait) where wait == nil:
            node.note(.missingKey, "waits without saying how long.", fix: "Add \"wait\".")
        case (_, .succeed) where faultClass != .ok:
            node.note(
                .conflict,
                "goes on as if nothing were wrong, and is of class \(faultClass.rawValue).",
                fix: "Use class ok."
            )
        default: break
        }
        if isGap, action != .skipItem, faultClass != .gone {
            node.note(
                .conflict,
                "is a gap without giving anything up.",
                fix: "Use action skip-item, or leave \"gap\" out."
            )
        }
    }
}

extension ErrorRule.Match {
    init(nothing: Void) {
        (status, code, all, any, condition, transport, service, step) = ([], [], [], [], nil, [], [], [])
    }

    init(_ node: Node) {
        var fields = Fields(node)
        status = fields.list("status") { ErrorRule.StatusPattern($0) }
        code = fields.texts("code")
        var all: [String] = [], any: [String] = []
        if let text = fields.optional("text") {
            var inner = Fields(text)
            all = inner.texts("all")
            any = inner.texts("any")
            inner.end()
        }
        self.all = all
        self.any = any
        condition = fields.optional("if")?.predicate(.answer)
        transport = fields.list("transport") { $0.choice(Trouble.self) }
        service = fields.texts("service")
        step = fields.list("step") { $0.choice(Answer.Step.self) }
        fields.end()
        if status.isEmpty, code.isEmpty, all.isEmpty, any.isEmpty, condition == nil, transport.isEmpty {
            node.note(
                .value,
                "fits every answer.",
                fix: "Say at least a status, a code, a text, a condition or a transport."
            )
        }
    }
}

extension ErrorRule.StatusPattern {
    init?(_ node: Node) {
        if let text = node.value.stringValue {
            guard text.count == 3, text.hasSuffix("xx"), let digit = text.first?.wholeNumberValue,
                (1...5).contains(digit)
            else {
                node.note(
                    .value,
                    "is no status: \"\(text)\".",
                    fix: "Write a number such as 404, or \"5xx\"."
                )
                return nil
            }
            self = .hundred(digit)
            return
        }
        guard let status = node.whole(100...599) else { return nil }
        self = .exactly(status)
    }
}
