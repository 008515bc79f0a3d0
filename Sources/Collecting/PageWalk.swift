// SPDX-License-Identifier: Apache-2.0
package import Connectors

/// Walks a list page by page and notices when it goes in circles.
package struct PageWalk: Sendable {
    /// What comes after a page.
    package enum Step: Sendable, Equatable {
        case done
        case follow(String)
        /// The source sent us where we have been, or further than the definition allows.
        case trouble(Trouble)
    }

    private let most: Int
    private var seen: Set<String> = []
    /// How many pages have been read.
    package private(set) var pages = 0

    /// Starts before the first page of a list of at most `maxPages`.
    package init(maxPages: Int) { most = maxPages }

    /// Takes note of a page whose next one is at `link`.
    package mutating func read(next link: String?) -> Step {
        pages += 1
        guard let link, !link.isEmpty else { return .done }
        guard seen.insert(link).inserted else { return .trouble(.pageLoop) }
        guard pages < most else { return .trouble(.tooManyPages) }
        return .follow(link)
    }
}
