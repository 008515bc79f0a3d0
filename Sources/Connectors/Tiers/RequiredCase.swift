// SPDX-License-Identifier: Apache-2.0

/// A situation that every source brings about sooner or later, which a definition's tests must show.
///
/// A case is recognised by what a test's exchanges and expectations say, never by its name or file.
package enum RequiredCase: String, Sendable, CaseIterable {
    /// Records come and are kept.
    case happy
    /// A list without anything in it.
    case empty
    /// A list that goes on on a second page.
    case twoPages = "two-pages"
    /// A next page that leads back.
    case pageLoop = "page-loop"
    /// A request to wait, with how long.
    case throttled
    /// A body that is no JSON.
    case notJSON = "not-json"
    /// A token that is refused under way and renewed.
    case expiredToken = "expired-token"
    /// An absence longer than the source keeps records.
    case olderThanRetention = "older-than-retention"
    /// A next page at an address that no token may go to.
    case foreignPage = "foreign-page"

    /// The tier from which on it must be shown.
    package var tier: Tier {
        switch self {
        case .happy, .empty, .twoPages, .pageLoop, .throttled, .notJSON: .bronze
        case .expiredToken, .olderThanRetention, .foreignPage: .silver
        }
    }

    /// Whether it can come about with `definition` at all.
    package func applies(to definition: Definition) -> Bool {
        let kinds = definition.streams.map(\.paging.kind)
        return switch self {
        case .happy, .empty, .throttled, .notJSON: true
        case .twoPages, .pageLoop: kinds.contains { $0 != .none }
        case .foreignPage: kinds.contains(where: \.goesByAddress)
        case .expiredToken: definition.auth.kind == .clientCredentials
        case .olderThanRetention: definition.streams.contains { $0.windowRetention != nil }
        }
    }

    /// What a test must say to show it.
    package var wanted: String {
        switch self {
        case .happy:
            "a stream test in which every reply is a success, no page names a next one, records are stored and no gap is left"
        case .empty: "a stream test whose lists are all empty and that says what becomes of the stream"
        case .twoPages:
            "a stream test with a page that names a next one, one that names none, and stored records"
        case .pageLoop:
            "a stream test whose next page leads back, and which expects the class loop or a gap of it"
        case .throttled:
            "a stream test with a reply of the class throttle that says how long to wait, and stored records or \"waited\""
        case .notJSON: "a stream test with a page whose status is a success and whose body is no JSON"
        case .expiredToken: "a stream test with a reply whose action is refresh-token, and stored records"
        case .olderThanRetention:
            "a stream test whose passes lie further apart than the retention, and which expects a gap of kind span"
        case .foreignPage:
            "a stream test whose next page is at an address outside the service, and which expects the class shape"
        }
    }
}

extension Paging.Kind {
    /// Whether answers name the address of the next page.
    var goesByAddress: Bool {
        switch self {
        case .nextURL, .linkHeader, .delta: true
        case .none, .token, .page, .offset: false
        }
    }
}

extension StreamDefinition {
    /// How long the source keeps what this stream asks for window by window; `nil` for any other.
    var windowRetention: Duration? {
        guard case .window = cursor else { return nil }
        return retention()
    }
}
