// SPDX-License-Identifier: Apache-2.0
package import Basics
import Connectors

/// One thing that a person should do something about, wherever it was learnt.
package struct RaisedIssue: Sendable, Equatable {
    /// Where it was learnt.
    package enum Origin: String, Sendable, CaseIterable {
        /// A stored record said so.
        case watch
        /// Streams do not collect because of it.
        case cause
        /// A credential ends soon.
        case expiry
        /// A set-up is unfinished.
        case draft
        /// Headgate's own machine.
        case host
    }

    /// How grave it is, the gravest first.
    package enum Severity: String, Sendable, CaseIterable { case security, critical, warning }

    /// Who can put it right.
    package enum Fix: String, Sendable, CaseIterable {
        /// Headgate can, as soon as a person says so: `headgate repair`.
        case auto
        /// A person does, and a command of Headgate leads through it.
        case guided
        /// Somebody has to act elsewhere.
        case outside
    }

    /// Stays the same for as long as the issue stands.
    package var id: String
    package var origin: Origin
    /// `nil` for one of the host.
    package var connection: ConnectionKey?
    /// Further connections of the same app, on which the very same thing is wrong; in the order of their names.
    package var others: [ConnectionKey] = []
    /// The streams of ``connection`` it keeps from collecting, or that said it; none where it is of the whole connection.
    package var streams: [String]
    /// The watch of the definition that raised it.
    package var watch: String?
    package var severity: Severity
    package var cause: Cause
    /// The time of the newest record that says so.
    package var seen: Timestamp?
    /// From when on it no longer holds.
    package var closed: Timestamp?
    /// That a person lets it stand for now.
    package var ignored: Ack?

    /// Puts it together from its parts; `key` is what tells it from every other one, of the `registration` where it
    /// is the app's and not the connection's.
    package init(
        key: [String],
        origin: Origin,
        connection: ConnectionKey?,
        registration: String? = nil,
        streams: [String] = [],
        watch: String? = nil,
        severity: Severity,
        cause: Cause,
        seen: Timestamp? = nil,
        closed: Timestamp? = nil
    ) {
        let name = [origin.rawValue, registration ?? connection?.description ?? ""] + key
        id = Self.id(of: name.joined(separator: "\n"))
        self.origin = origin
        self.connection = connection
        self.streams = streams
        self.watch = watch
        self.severity = severity
        self.cause = cause
        self.seen = seen
        self.closed = closed
    }

    /// Every connection that it is about.
    package var connections: [ConnectionKey] { (connection.map { [$0] } ?? []) + others }

    /// Whether it still holds.
    package var isOpen: Bool { closed == nil }

    /// Whether a person should look at it now.
    package var isDue: Bool { isOpen && ignored == nil }

    /// Who can put it right.
    package var fix: Fix {
        switch (origin, cause.faultClass) {
        case (.expiry, _), (.draft, _): .guided
        case (.host, _), (.watch, _): .outside
        case (.cause, .subscription): .auto
        case (.cause, .auth), (.cause, .config): .guided
        case (.cause, _): .outside
        }
    }

    /// Eight hex digits that are always the same for a name (FNV-1a, folded).
    private static func id(of name: String) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        let text = String(UInt32(truncatingIfNeeded: hash ^ (hash >> 32)), radix: 16)
        return String(repeating: "0", count: 8 - text.count) + text
    }
}
