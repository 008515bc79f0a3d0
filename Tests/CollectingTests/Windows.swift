// SPDX-License-Identifier: Apache-2.0
import Basics
import HTTPClient
import TestSupport

/// A made-up source that is asked for windows of time and answers in pages.
struct Windows: Sendable {
    static func cursor(
        bounds: String = "halfOpen",
        max: String = "PT1H",
        min: String = "PT1M",
        settle: String = "PT0S",
        overlap: String = "PT0S"
    ) -> String {
        #"{"kind": "window", "clock": "event", "bounds": "\#(bounds)", "step": {"max": "\#(max)", "min": "\#(min)"}, "#
            + #""settle": "\#(settle)", "overlap": "\#(overlap)", "initial": "P1D"}"#
    }

    static func stream(
        paging: String,
        cursor: String = cursor(),
        request: String = "",
        more: String = ""
    ) -> String {
        Plot.list(Plot.windowQuery, request: request) + #", "paging": \#(paging), "cursor": \#(cursor)"#
            + more
    }

    var events: [Event]
    var size = 2
    /// The source's clock, where events show late.
    var now: @Sendable () -> Timestamp = { Timestamp(nanoseconds: .max) }

    /// What the window asked for holds, the oldest first.
    func found(_ asked: Asked) -> [Event] {
        guard let from = asked.instant("from"), let to = asked.instant("to") else { return [] }
        return events.filter { $0.at >= from && $0.at < to && ($0.shown ?? $0.at) <= now() }
    }

    /// The page from element number `first` on, and whether there is another.
    func page(_ asked: Asked, from first: Int) -> (elements: [String], hasMore: Bool) {
        let found = found(asked)
        return (found.dropFirst(first).prefix(size).map(\.json), found.count > first + size)
    }

    /// Answers with a `Link` header that carries the window on.
    func linked(_ asked: Asked) -> Response {
        let first = asked.number("skip") ?? 0
        let (elements, hasMore) = page(asked, from: first)
        let query = "from=\(asked.query["from"] ?? "")&to=\(asked.query["to"] ?? "")&skip=\(first + size)"
        return Reply.page(elements, next: hasMore ? "/events?\(query)" : nil)
    }

    /// One event every `step` from `start` on.
    static func events(_ count: Int, from start: Timestamp, every step: Duration) -> [Event] {
        (0..<count).map { Event(id: "e\($0)", at: start + step * $0) }
    }
}
