// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import JSON
import Source
import Status
import Store

/// Lists one window to its last page and stores everything that is new in it.
struct WindowRun: Sendable {
    /// What a window is asked for.
    enum Kind: Sendable {
        /// Time that was never covered; the answer's own clock bounds how far it counts.
        case live
        /// Time before the connection was accepted.
        case history
        /// A closed span, listed once more for what came late.
        case again
    }

    let context: StreamContext
    let window: Cursor.Window
    let span: Span
    let kind: Kind
    /// The coverage row that counts what comes.
    let row: Timestamp?
    let purse: Purse
    /// Before this nothing is asked for again.
    var floor: Timestamp?

    /// What a window brought.
    struct Result: Sendable {
        /// How far the window counts as covered; nothing where it is not after the window's start.
        var upTo: Timestamp
        var listed = 0
        var committed = Committed()
        /// The availability of the oldest item that was listed.
        var oldestListed: Timestamp?
        /// Items that did not come.
        var broken: [(item: ListedItem, setback: Setback)] = []
        /// The items that its pages have named so far.
        var named: Set<String> = []

        mutating func add(_ other: Committed) { committed.add(other) }
    }

    private enum ItemEnd: Sendable {
        case stored(Committed)
        case broken(ListedItem, Setback)
    }

    /// How many bodies may wait to be stored while as many as the limits allow are on their way; each costs its size
    /// twice, as it came and as lines.
    private static let storing = 8
    /// So many items that do not come, and none that does, mean that the service is down and not the items.
    private static let suspicious = 8

    /// Throws a ``Setback`` where the window as a whole did not come.
    func run() async throws -> Result {
        var result = Result(upTo: span.to)
        let stream = context.stream
        let names = context.names.with("window", bounds)
        let pick = stream.fetch == nil ? context.pick : .nothing
        var walk = PageWalk(stream.paging)
        // The budget bounds what really travels; a few more wait to be stored, so that no way to the source lies idle.
        let most = context.session.definition.limits.concurrency + Self.storing
        var failed: Setback?
        try await withThrowingTaskGroup(of: ItemEnd.self) { group in
            var running = 0
            var place = PagePlace.first
            var hasMore = true
            while hasMore, failed == nil {
                do {
                    let page = try await context.page(at: place, with: names, picking: pick, purse: purse)
                    if place == .first { result.upTo = bounded(by: page.reply.date) }
                    if stream.fetch == nil {
                        let stored = try await store(page)
                        result.listed += page.count
                        result.add(stored)
                    } else {
                        for item in try await fresh(page, &result) {
                            if running >= most {
                                take(try await group.next(), &result, &failed)
                                running -= 1
                            }
                            if failed != nil { break }
                            group.addTask { try await fetch(item) }
                            running += 1
                        }
                    }
                    switch walk.read(page.facts) {
                    case .done: hasMore = false
                    case .follow(let next): place = next
                    case .trouble(let trouble):
                        throw context.setback(page, trouble, listing: "\(span)")
                    }
                } catch let setback as Setback {
                    failed = setback
                }
            }
            // What is under way comes to its end: it is stored and need not come again.
            while let end = try await group.next() { take(end, &result, &failed) }
        }
        if var failed {
            failed.committed = result.committed
            throw failed
        }
        if result.broken.count >= Self.suspicious, result.committed == Committed(),
            let first = result.broken.first,
            first.setback.faultClass == .transient || first.setback.faultClass == .network
        {
            throw first.setback
        }
        return result
    }

    private func take(_ end: ItemEnd?, _ result: inout Result, _ failed: inout Setback?) {
        switch end {
        case .stored(let committed)?: result.add(committed)
        case .broken(let item, let setback)?:
            if setback.isOfTheItem || setback.isGap {
                result.broken.append((item, setback))
            } else {
                failed = setback
            }
        case nil: break
        }
    }

    private func fetch(_ item: ListedItem) async throws -> ItemEnd {
        guard let fetch = context.stream.fetch else { return .stored(Committed()) }
        let open = row.map { row in
            Effect.coverage(
                CoverageRow(
                    stream: context.key,
                    from: row,
                    to: span.to,
                    state: .open,
                    history: kind == .history
                )
            )
        }
        let isNew = kind != .again
        let run = ItemFetch(
            context: context,
            fetch: fetch,
            item: item,
            row: row,
            isLate: kind == .again,
            purse: purse,
            effects: isNew ? open.map { [$0] } ?? [] : []
        )
        do {
            return .stored(try await run.run())
        } catch let setback as Setback {
            return .broken(item, setback)
        }
    }

    /// The listed items that were neither stored nor parked before.
    private func fresh(_ page: ListPage, _ result: inout Result) async throws -> [ListedItem] {
        guard page.count > 0 else { return [] }
        let reply = page.reply
        let list = context.stream.list
        let elements: [Value]
        do {
            guard let found = try Value(parsing: reply.body)[list.items]?.arrayValue else {
                throw Malformed(.notAnArray, offset: 0, in: reply.body)
            }
            elements = found
        } catch {
            throw context.setback(reply, .malformed, "the list is not the JSON that was promised: \(error)")
        }
        let items = elements.compactMap { ListedItem($0, of: list) }
        guard items.count == elements.count else {
            throw context.setback(
                reply,
                .malformed,
                "an element of the list has no \(list.contentID?.description ?? "id")"
            )
        }
        result.listed += items.count
        for item in items {
            guard let available = item.available else { continue }
            result.oldestListed = min(result.oldestListed ?? available, available)
        }
        let known = try await context.ledger.remembered(items.map(\.id), of: context.key)
        let parked = Set(try await context.ledger.parked(of: context.key).map(\.item))
        return items.filter {
            !known.contains($0.id) && !parked.contains($0.id) && result.named.insert($0.id).inserted
        }
    }

    /// Stores a page whose elements are the records themselves.
    private func store(_ page: ListPage) async throws -> Committed {
        var builder = BatchBuilder(context.envelope, collected: context.time.now)
        let refused = page.pick.take(page.reply.body, page.split, into: &builder)
        let held = QuarantinedRecords(context: context, of: "page-\(span.from.seconds)", available: span.from)
        var effects = try held.hold(refused)
        if let row, kind != .again {
            effects.append(
                .coverage(
                    CoverageRow(
                        stream: context.key,
                        from: row,
                        to: span.to,
                        state: .open,
                        history: kind == .history
                    )
                )
            )
        }
        var batch = builder.batch(
            availability: span.from,
            onChange: context.onChange,
            isLate: kind == .again,
            row: row,
            effects: effects
        )
        context.watch(&batch, page.reply.body, page.split, page.pick)
        var committed = try await context.committer.commit(batch)
        committed.held = refused.count
        return committed
    }

    /// The window's ends as the request writes them, reaching back over what is asked for again.
    ///
    /// A source whose ends do not belong to a window is asked for one second more on either side.
    private var bounds: Value {
        let wider: Duration = window.bounds == .open ? .seconds(1) : .zero
        let overlap: Duration = kind == .again ? .zero : window.overlap
        let start = max(span.from - overlap, min(floor ?? span.from, span.from)).rounded(downTo: .minutes(1))
        return .object([
            "start": .string((start - wider).description), "end": .string((span.to + wider).description),
        ])
    }

    /// The watermark never passes what the answer's own clock had settled, whatever our clock says.
    private func bounded(by date: Timestamp?) -> Timestamp {
        guard kind == .live, let date else { return span.to }
        return min(span.to, (date - window.settle).rounded(downTo: .minutes(1)))
    }
}
