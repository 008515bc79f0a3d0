// SPDX-License-Identifier: Apache-2.0
import Basics
package import JSON

/// How a stream remembers how far it has come.
package enum Cursor: Sendable, Equatable {
    /// A span of time that is asked for piece by piece.
    case window(Window)
    /// A token that the source hands out with its answers.
    case token(Token)
    /// A link that the source hands out when everything has been read.
    case delta
    /// The whole set, each time.
    case snapshot(Snapshot)
    /// Nothing at all.
    case none

    /// Windows over the source's time.
    package struct Window: Sendable, Equatable {
        /// The clock the windows are on.
        package enum Clock: String, Sendable, CaseIterable {
            /// When the source made something available.
            case available
            /// When it happened.
            case event
        }

        /// Which of a window's ends belong to it.
        package enum Bounds: String, Sendable, CaseIterable {
            case halfOpen, closed, open
        }

        /// The clock the windows are on.
        package let clock: Clock
        /// Which of a window's ends belong to it.
        package let bounds: Bounds
        /// The longest window that is asked for.
        package let longest: Duration
        /// The shortest into which a window is split.
        package let shortest: Duration
        /// How much of the newest time is not asked for yet.
        package let settle: Duration
        /// How much is asked for again.
        package let overlap: Duration
        /// How far back history may be asked for when a connection is added.
        package let initial: Duration
    }

    /// Tokens of the source.
    package struct Token: Sendable, Equatable {
        /// Which token is kept.
        package enum From: String, Sendable, CaseIterable {
            case next, lastUsed
        }

        /// Which token is kept.
        package let from: From
        /// The windows to fall back to when the source refuses a token.
        package let fallback: Window?
    }

    /// Sets that are compared.
    package struct Snapshot: Sendable, Equatable {
        /// Whether an absence is a record too.
        package enum Removals: String, Sendable, CaseIterable {
            case emit, ignore
        }

        /// The fields that name a member.
        package let key: [FieldPath]
        /// The fields whose change is a new version.
        package let version: [FieldPath]
        /// The fields whose digest is the version.
        package let hash: [FieldPath]
        /// Whether an absence is a record too.
        package let removals: Removals
    }

    /// The windows it goes by, at all times or when the source refuses a token.
    package var windows: Window? {
        switch self {
        case .window(let window): window
        case .token(let token): token.fallback
        case .delta, .snapshot, .none: nil
        }
    }

    private enum Kind: String, CaseIterable {
        case window, token, delta, snapshot, none
    }

    init(_ node: Node) {
        var fields = Fields(node)
        switch fields.required("kind")?.choice(Kind.self) ?? .none {
        case .window: self = .window(Window(&fields))
        case .token:
            let from = fields.optional("from")?.choice(Token.From.self) ?? .next
            let fallback = fields.optional("fallback").map { node in
                var inner = Fields(node)
                let window = Window(&inner)
                inner.end()
                return window
            }
            self = .token(Token(from: from, fallback: fallback))
        case .delta: self = .delta
        case .snapshot:
            let snapshot = Snapshot(
                key: fields.required("key")?.list(atLeast: 1) { $0.fieldPath() } ?? [],
                version: fields.list("version") { $0.fieldPath() },
                hash: fields.list("hash") { $0.fieldPath() },
                removals: fields.optional("removals")?.choice(Snapshot.Removals.self) ?? .ignore
            )
            if snapshot.version.isEmpty == snapshot.hash.isEmpty {
                node.note(.conflict, "must say either \"version\" or \"hash\".", fix: "Give one of the two.")
            }
            self = .snapshot(snapshot)
        case .none: self = .none
        }
        fields.end()
    }
}

extension Cursor.Window {
    init(_ fields: inout Fields) {
        clock = fields.required("clock")?.choice(Clock.self) ?? .event
        bounds = fields.required("bounds")?.choice(Bounds.self) ?? .halfOpen
        var longest = Duration.hours(24), shortest = Duration.minutes(1)
        if let step = fields.required("step") {
            var inner = Fields(step)
            longest = inner.required("max")?.span(atLeast: .minutes(1)) ?? longest
            shortest = inner.required("min")?.span(atLeast: .minutes(1)) ?? shortest
            inner.end()
            if shortest > longest {
                step.note(.conflict, "has a min above its max.", fix: "Make min the smaller one.")
            }
            for span in [longest, shortest] where span.wholeSeconds % 60 != 0 {
                step.note(.value, "is no whole number of minutes.", fix: "Windows are whole minutes.")
            }
        }
        self.longest = longest
        self.shortest = shortest
        settle = fields.span("settle", else: .zero)
        overlap = fields.span("overlap", else: .zero)
        initial = fields.required("initial")?.span() ?? .zero
    }
}
