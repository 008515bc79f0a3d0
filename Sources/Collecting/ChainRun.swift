// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import JSON
import Source
import Status
import Store

/// Follows pages that have no windows from a kept place to their present end, the place moving with each page stored.
package struct ChainRun: Sendable {
    /// Which place is kept once a page is stored.
    enum Keeping: Sendable {
        /// The one after it; the page's own where the source names none.
        case next
        /// The page's own, which the source goes on to fill.
        case lastUsed
        /// None: the list is read from its beginning each time.
        case nothing
    }

    /// The name under which a stream's ledger keeps its place.
    package static let place = "place"
    /// The name of the instant at which the first request of the chain began.
    static let began = "began"
    /// The name of the last day on which the keys of a page that is read again and again were remembered anew.
    static let renewed = "renewed"

    let context: StreamContext
    let keeping: Keeping
    let from: PagePlace
    /// The instant from which the chain's first request asks.
    let start: Timestamp
    /// Where the coverage row begins that counts what comes.
    let row: Timestamp
    /// Whether keys of what was stored before are to be remembered anew today.
    let renews: Bool
    /// How many times the definition's most pages may be read before others have their turn.
    let rounds: Int
    let purse: Purse

    /// What a run brought.
    struct Result: Sendable {
        var committed = Committed()
        var listed = 0
        /// When the source answered first, and last.
        var firstDate: Timestamp?
        var lastDate: Timestamp?
        /// Whether the end was reached.
        var isAtEnd = false
    }

    /// Throws a ``Setback`` where a page did not come; what was stored before it stays, and so does the place.
    func run() async throws -> Result {
        var result = Result()
        do {
            try await walk(&result)
        } catch var setback as Setback {
            setback.committed = result.committed
            throw setback
        }
        return result
    }

    private func walk(_ result: inout Result) async throws {
        let paging = context.stream.paging
        let pick = context.pick
        let window = Value.object(["start": .string(start.description), "end": .null])
        let names = context.names.with("window", window)
        var walk = PageWalk(paging, from: from)
        var place = from
        var round = 1
        while true {
            let page = try await context.page(at: place, with: names, picking: pick, purse: purse)
            if case .delta = paging.kind, page.next == nil, page.round == nil {
                throw context.setback(
                    page.reply,
                    .malformed,
                    "a page names neither the next one nor the next round"
                )
            }
            let isFirst = result.lastDate == nil
            let date = page.reply.date ?? context.now
            result.firstDate = result.firstDate ?? date
            result.lastDate = date
            let committed = try await store(page, at: place, isFirst: isFirst)
            result.committed.add(committed)
            result.listed += page.count
            switch walk.read(page.facts) {
            case .done:
                result.isAtEnd = true
                return
            case .follow(let next): place = next
            case .trouble(.tooManyPages) where keeping != .nothing && page.next != nil:
                guard round < rounds, let next = page.next else { return }
                round += 1
                walk = PageWalk(paging, from: next)
                place = next
            case .trouble(let trouble):
                throw context.setback(page, trouble, listing: context.stream.id)
            }
        }
    }

    /// Stores a page with the place it lets move.
    private func store(_ page: ListPage, at place: PagePlace, isFirst: Bool) async throws -> Committed {
        var builder = BatchBuilder(context.envelope, collected: context.time.now)
        let refused = page.pick.take(page.reply.body, page.split, into: &builder)
        let now = context.now
        let held = QuarantinedRecords(context: context, of: "page-\(row.seconds)", available: row)
        var effects = try held.hold(refused)
        effects.append(
            .coverage(CoverageRow(stream: context.key, from: row, to: max(now, row), state: .open))
        )
        let kept: PagePlace? =
            switch keeping {
            case .next: page.next ?? page.round ?? place
            case .lastUsed: place
            case .nothing: nil
            }
        if let kept {
            effects.append(.cursor(name: Self.place, value: kept.text))
            effects.append(.cursor(name: Self.began, value: start.description))
        }
        let renewsKeys = renews && (isFirst || keeping == .nothing)
        if renewsKeys, keeping != .nothing {
            effects.append(.cursor(name: Self.renewed, value: now.day))
        }
        var batch = builder.batch(
            availability: now,
            onChange: context.onChange,
            row: row,
            counts: Counts(listed: page.count),
            effects: effects
        )
        batch.renewsKeys = renewsKeys
        context.watch(&batch, page.reply.body, page.split, page.pick)
        var committed = try await context.committer.commit(batch)
        committed.held = refused.count
        return committed
    }
}
