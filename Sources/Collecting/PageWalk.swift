// SPDX-License-Identifier: Apache-2.0
package import Connectors

/// Walks a list page by page: says where the next one is, where the list ends, and when it goes in circles.
package struct PageWalk: Sendable {
    /// What of a page decides how the walk goes on.
    package struct Page: Sendable, Equatable {
        /// Where the source says that the next page is.
        package var next: PagePlace?
        /// How many elements it holds.
        package var count: Int
        /// A digest of its elements' bytes.
        package var digest: UInt64

        /// Puts it together from its parts.
        package init(next: PagePlace? = nil, count: Int, digest: UInt64) {
            self.next = next
            self.count = count
            self.digest = digest
        }
    }

    /// What comes after a page.
    package enum Step: Sendable, Equatable {
        case done
        case follow(PagePlace)
        /// The source sent us where we have been, or further than the definition allows.
        case trouble(Trouble)
    }

    private let paging: Paging
    private var place: PagePlace
    private var seen: Set<PagePlace> = []
    private var pagesSeen: Set<UInt64> = []
    /// How many pages have been read.
    package private(set) var pages = 0

    /// Starts before the page at `place` of a list that goes on as `paging` says.
    package init(_ paging: Paging, from place: PagePlace = .first) {
        self.paging = paging
        self.place = place
        seen.insert(place)
    }

    /// Takes note of a page that was read.
    ///
    /// A list may send the same elements under ever new addresses, so a page whose elements are all those of an
    /// earlier one is a circle too.
    package mutating func read(_ page: Page) -> Step {
        pages += 1
        if page.count == 0, paging.end == .emptyPage { return .done }
        guard let next = following(page) else { return .done }
        let isNew = page.count == 0 || pagesSeen.insert(page.digest).inserted
        guard isNew, seen.insert(next).inserted else { return .trouble(.pageLoop) }
        guard pages < paging.maxPages else { return .trouble(.tooManyPages) }
        if case .offset(_, let most?) = paging.kind, case .number(let offset) = next, offset > most {
            return .trouble(.tooManyPages)
        }
        place = next
        return .follow(next)
    }

    /// The place after `page`; `nil` where the list ends with it.
    private func following(_ page: Page) -> PagePlace? {
        guard let first = paging.firstNumber else { return page.next }
        // A page that is not full is the last, unless the definition says that only an empty one is.
        guard page.count > 0, paging.end == .emptyPage || page.count >= paging.size ?? 1 else { return nil }
        var number = first
        if case .number(let present) = place { number = present }
        if case .page = paging.kind { return .number(number + 1) }
        return .number(number + page.count)
    }
}
