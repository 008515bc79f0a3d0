// SPDX-License-Identifier: Apache-2.0
package import Basics
package import Connectors
package import Probing

/// Whatever a flow is led on: a terminal, a page, or nobody at all.
package protocol Face: Sendable {
    /// A step begins.
    func begin(_ step: FlowStep.ID, _ title: String) async
    /// Tells something.
    func tell(_ telling: Telling) async
    /// Asks, and gives the answer back; throws ``Unanswered`` or `CancellationError`.
    func ask(_ question: Question) async throws -> Reply
    /// Shows that something is waited for; `nil` takes it away.
    func wait(_ waiting: Waiting?) async
    /// What was typed while something is waited for, a whole line: nothing or `back`; `nil` where no line was.
    func typed() async -> Reply?
    /// A step is over.
    func end(_ step: FlowStep.ID, _ kind: FlowStep.Kind, _ outcome: String) async
}

extension FlowStep {
    /// How a step is named within its flow.
    package typealias ID = String
}

/// Something that is told.
package enum Telling: Sendable {
    case paragraph(String)
    /// A line that went well, or did not.
    case good(String)
    case bad(String)
    case note(String)
    case item(String)
    /// Where to click: the path through the pages and the page itself.
    case place(path: String?, link: String?)
    case table([String], [[String]])
    /// A file that was written for somebody else, by its whole path.
    case file(label: String, path: String)
    /// Text to copy as it stands.
    case verbatim([String])
    case test(ProbeReport)
    case remedy(Remedy)
}

/// What is waited for.
package struct Waiting: Sendable, Equatable {
    package let what: String
    package let since: Timestamp
    package let now: Timestamp
    package let until: Timestamp
    /// When it is looked at next.
    package let next: Timestamp?

    /// Puts it together from its parts.
    package init(_ what: String, since: Timestamp, now: Timestamp, until: Timestamp, next: Timestamp? = nil) {
        self.what = what
        self.since = since
        self.now = now
        self.until = until
        self.next = next
    }

    /// `checking the token - 1 min 20 s, until 10:25 UTC, next in 15 s`.
    package var words: String {
        let gone = (now - since).spoken
        if now > until { return "\(what) - \(gone), longer than usual; Ctrl-C stops" }
        let ahead = next.map { $0 > now ? ", next in \(($0 - now).spoken)" : "" } ?? ""
        return "\(what) - \(gone), until \(until.clockText) UTC\(ahead)"
    }
}
