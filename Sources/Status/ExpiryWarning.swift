// SPDX-License-Identifier: Apache-2.0
package import Basics
package import Connectors

/// That a credential ends soon, or has ended; it is a warning of its own and moves no state.
package struct ExpiryWarning: Sendable, Equatable {
    /// When to warn where a definition does not say.
    package static let usual: [Duration] = [.days(60), .days(30), .days(14), .days(7), .days(1)]

    /// The threshold that was passed last, the shorter the more urgent.
    package var within: Duration
    /// How long it is good yet; zero once it has ended.
    package var left: Duration
    /// Where a new one is made, in the definition's words.
    package var place: String?
    /// The command that brings a new one into use.
    package var next: String

    /// Warns of a credential that ends at `end`, where `now` is past one of the thresholds; `nil` before the first.
    package init?(
        end: Timestamp?,
        warnBefore: [Duration],
        place: String? = nil,
        next: String,
        now: Timestamp
    ) {
        guard let end else { return nil }
        let left = max(end - now, .zero)
        let passed = (warnBefore + [.zero]).filter { left <= $0 }
        guard let within = passed.min() else { return nil }
        self.within = within
        self.left = left
        self.place = place
        self.next = next
    }

    /// Whether it has ended already.
    package var hasEnded: Bool { left == .zero }

    /// What a person does about it.
    package func remedy(kind: String) -> Remedy {
        Remedy(
            id: "host.credential-expiring",
            title: hasEnded ? "The \(kind) has ended" : "The \(kind) ends soon",
            cause: "Every credential has an end; nothing is collected with one that has passed it.",
            steps: [
                "Make a new \(kind)" + (place.map { ": \($0)." } ?? " at the provider."),
                "Bring it into use with \(next) and one of --secret-file, --secret-ref or --certificate; everything "
                    + "is tested with it first.",
                "Delete the old one at the provider.",
            ],
            who: "whoever looks after the app",
            where: nil,
            takes: "10 minutes",
            next: next
        )
    }
}

extension Definition {
    /// How long before its end a credential is warned of, the longest first.
    package var warnBefore: [Duration] {
        let own = probe.first { $0.kind == .expiry }?.warnBefore ?? []
        return own.isEmpty ? ExpiryWarning.usual : own
    }
}
