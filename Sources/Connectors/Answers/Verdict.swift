// SPDX-License-Identifier: Apache-2.0
import Basics

/// What an answer that is no success means, by the first rule that fits.
package struct Verdict: Sendable, Equatable {
    /// The rule's id; those of the host itself start with `host.`.
    package let rule: String
    /// What kind of trouble it is.
    package let faultClass: FaultClass
    /// What the machine does.
    package let action: FaultAction
    /// The remedy's id.
    package let remedy: String?
    /// The wait the answer names; `nil` leaves it to growing, jittered pauses.
    package let wait: Duration?
    /// The code to show: the first the rule knows, else the first there is.
    package let code: String?
    /// The words to show: the rule's own, else the service's.
    package let message: String
    /// Whether what was asked for is missing for good.
    package let isGap: Bool
    /// How many new tokens one token's refusal may cost.
    package let maxRefresh: Int

    init(_ rule: ErrorRule, _ answer: Answer, now: Timestamp) {
        self.rule = rule.id
        faultClass = rule.faultClass
        action = rule.action
        remedy = rule.remedy
        wait = rule.wait?.duration(for: answer, now: now)
        code =
            answer.codes.first { rule.match.code.contains($0) } ?? answer.codes.first(where: Self.isCode)
            ?? answer.trouble?.rawValue ?? (answer.status == 0 ? nil : "HTTP \(answer.status)")
        // Services echo what they are sent, so that a message may hold a secret.
        message = Redaction.shared.redact(
            rule.say ?? answer.message.map(Self.firstLine)
                ?? (answer.status == 0 ? "no answer came" : "the service answered HTTP \(answer.status)")
        )
        isGap = rule.isGap
        maxRefresh = rule.maxRefresh
    }

    /// Whether a text is a code at all; some services put half a sentence in its place.
    private static func isCode(_ text: String) -> Bool {
        text.utf8.count <= 48 && !text.contains { $0.isWhitespace || $0 == "[" }
    }

    /// The first line of a service's message, without the trace identifiers that some append.
    private static func firstLine(_ message: String) -> String {
        let line = message.split(whereSeparator: \.isNewline).first.map(String.init) ?? message
        let end = line.firstRange(of: " Trace ID:")?.lowerBound ?? line.endIndex
        return String(line[..<end].prefix(500))
    }
}
