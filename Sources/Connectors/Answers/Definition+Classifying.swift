// SPDX-License-Identifier: Apache-2.0
package import Basics

extension Definition {
    /// What `answer` means, by the first rule that fits, the definition's own before the host's.
    ///
    /// `nil` is success: a status from 200 to 299 without trouble that no rule claims.
    package func classify(_ answer: Answer, now: Timestamp) -> Verdict? {
        let isSuccess = answer.trouble == nil && (200...299).contains(answer.status)
        let own = isSuccess ? errors.filter(\.looksAtSuccess) : errors
        if let rule = own.first(where: { $0.matches(answer) }) { return Verdict(rule, answer, now: now) }
        if isSuccess { return nil }
        return HostRules.rules.first { $0.matches(answer) }.map { Verdict($0, answer, now: now) }
    }

    /// The remedy of that id, the definition's own or the host's, in words that name the customer's own things.
    package func remedy(_ id: String, in bindings: any Bindings = Names()) -> Remedy? {
        (remedies.first { $0.id == id } ?? HostRules.remedies.first { $0.id == id })?.remedy(in: bindings)
    }
}
