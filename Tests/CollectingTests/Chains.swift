// SPDX-License-Identifier: Apache-2.0
import Basics
import HTTPClient
import Synchronization
import TestSupport

/// A made-up source that hands out tokens: a log that only grows, read from a place on.
final class Tape: Sendable {
    static let rule =
        #"{"id": "stale", "match": {"code": ["Stale"]}, "class": "gone", "action": "reset-paging"}"#

    struct State: Sendable {
        var events: [Event] = []
        /// Places before this number are refused.
        var oldest = 0
        /// Whether the source can be asked for windows.
        var windows = 0
    }

    let size: Int
    /// Whether the last page names a next one as well.
    let alwaysNames: Bool
    private let state: Mutex<State>

    init(_ count: Int = 0, size: Int = 3, alwaysNames: Bool = true) {
        self.size = size
        self.alwaysNames = alwaysNames
        state = Mutex(State(events: Windows.events(count, from: Plot.start, every: .seconds(10))))
    }

    var windows: Int { state.withLock { $0.windows } }

    /// Adds events that happen at `instant` and after.
    func add(_ count: Int, at instant: Timestamp) {
        state.withLock { state in
            for _ in 0..<count {
                let number = state.events.count
                state.events.append(Event(id: "e\(number)", at: instant + .milliseconds(number)))
            }
        }
    }

    /// Refuses every place handed out so far.
    func forget() { state.withLock { $0.oldest = $0.events.count + 1 } }

    /// A stream over it.
    static func stream(
        from: String = "next",
        end: String = "emptyPage",
        fallback: Bool = true,
        place: TokenPlace = .query
    ) -> String {
        let windows = Windows.cursor(overlap: "PT5M").replacing(#""kind": "window", "#, with: "")
        let query = #""from": "{{ window.start }}", "to": "{{ window.end | default(null) }}""#
        return Plot.list(query, request: place.request) + #", "paging": \#(place.paging(end: end)), "#
            + #""cursor": {"kind": "token", "from": "\#(from)""#
            + (fallback ? #", "fallback": \#(windows)"# : "") + "}"
    }

    func answer(_ asked: Asked, _ place: TokenPlace = .query) -> Response {
        state.withLock { state in
            let from = asked.instant("from") ?? Timestamp(seconds: 0)
            if let to = asked.instant("to") {
                state.windows += 1
                return Reply.page(state.events.filter { $0.at >= from && $0.at < to }.map(\.json))
            }
            var first = state.events.firstIndex { $0.at >= from } ?? state.events.count
            if let after = place.token(in: asked).flatMap({ Int($0) }) {
                guard after >= state.oldest else { return Reply.trouble(400, "Stale") }
                first = after
            }
            let page = state.events.dropFirst(first).prefix(size)
            var reply = Reply.page(page.map(\.json))
            let next = first + page.count
            if alwaysNames || next < state.events.count { reply.headers.append(Header("X-Next", "\(next)")) }
            return reply
        }
    }
}

extension String {
    fileprivate func replacing(_ old: String, with new: String) -> String {
        split(separator: old, omittingEmptySubsequences: false).joined(separator: new)
    }
}
