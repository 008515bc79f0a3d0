// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import JSON
import Source
import Status
import Store

/// Fetches one listed item and stores its records as one batch.
struct ItemFetch: Sendable {
    let context: StreamContext
    let fetch: StreamDefinition.Fetch
    let item: ListedItem
    /// The coverage row that counts it; `nil` where its span was closed long ago.
    let row: Timestamp?
    let isLate: Bool
    let purse: Purse
    var most = 5
    /// What else the item's batch moves.
    var effects: [Effect] = []

    /// Throws a ``Setback`` where the item does not come.
    func run() async throws -> Committed {
        var tries = Tries(most: most)
        while true {
            let outcome = try await once()
            switch outcome {
            case .stored(let committed): return committed
            case .refused(let verdict, let remedy):
                switch verdict.action {
                case .succeed, .ignore: return try await context.committer.commit(try batch([], nil).0)
                case .retry, .wait: try await context.wait(after: verdict, remedy, &tries, purse)
                default: throw Setback(verdict, remedy)
                }
            case .unreadable(let body, let setback): try await again(after: setback, body: body, &tries)
            }
        }
    }

    private enum Outcome: Sendable {
        case stored(Committed)
        case refused(Verdict, Remedy?)
        case unreadable([UInt8], Setback)
    }

    /// Asks once, and stores what comes while its bytes still count against the budget.
    private func once() async throws -> Outcome {
        let names = context.names.with("item", item.value)
        let link = fetch.link.flatMap { item.value.field($0)?.stringValue }
        if let link, let service = context.session.services[fetch.request.service],
            Links.resolve(link, under: service.base) != nil
        {
            return try await context.session.following(
                link,
                like: fetch.request,
                for: .fetch,
                with: names,
                addQuery: fetch.request.query
            ) {
                try await take($0)
            }
        }
        if link != nil {
            context.log.warning("a foreign link was not followed", ["item": item.id, "code": "foreign-link"])
        }
        return try await context.session.asking(fetch.request, for: .fetch, with: names) {
            try await take($0)
        }
    }

    private func take(_ reply: consuming Reply) async throws -> Outcome {
        if let verdict = reply.verdict { return .refused(verdict, reply.remedy) }
        let pick = context.pick
        let split: Split
        do throws(Malformed) {
            split = try Scanner.split(reply.body, at: fetch.items, picking: pick.fields)
        } catch {
            let detail = "the body is not the JSON that was promised: \(error)"
            return .unreadable(reply.body, context.setback(reply, .malformed, detail))
        }
        let (batch, held) = try batch(reply.body, (split, pick))
        // The body may go while its lines wait for the committer: many of them wait at a time.
        _ = consume reply
        var committed = try await context.committer.commit(batch)
        committed.held = held
        return .stored(committed)
    }

    /// A body that cannot be split may have been damaged on its way; what stays unreadable is kept as it came.
    private func again(after setback: Setback, body: [UInt8], _ tries: inout Tries) async throws {
        var setback = setback
        switch purse.after(&tries, throttled: false, asked: nil, now: context.time.now) {
        case .again(let wait): try await context.time.sleep(for: wait)
        case .later(let after):
            setback.after = after
            throw setback
        case .giveUp:
            try context.quarantine.hold(body, of: context.key, item: item.id, reason: setback.message)
            setback.isHeld = true
            throw setback
        }
    }

    private func batch(_ body: [UInt8], _ found: (split: Split, pick: RecordFields)?) throws -> (
        Batch, held: Int
    ) {
        var effects = effects
        var held = 0
        var builder = BatchBuilder(context.envelope, collected: context.time.now)
        if let (split, pick) = found {
            let refused = pick.take(body, split, into: &builder)
            effects += try QuarantinedRecords(context: context, of: item.id, available: item.available).hold(
                refused
            )
            held = refused.count
        }
        var batch = builder.batch(
            availability: item.available ?? context.now,
            contentID: item.id,
            onChange: context.onChange,
            isLate: isLate,
            row: row,
            counts: Counts(fetched: 1),
            effects: effects
        )
        if let (split, pick) = found { context.watch(&batch, body, split, pick) }
        return (batch, held)
    }
}

/// Records that cannot be lines: kept raw, each an item gap of its own, while their siblings pass.
struct QuarantinedRecords {
    let context: StreamContext
    let of: String
    let available: Timestamp?

    func hold(_ refused: [BatchBuilder.Refused]) throws -> [Effect] {
        try refused.map { record in
            let item = "\(of)#\(record.index)"
            let reason = "record \(record.index) cannot be stored as JSON: \(record.defect.rawValue)"
            try context.quarantine.hold(record.bytes, of: context.key, item: item, reason: reason)
            let at = available ?? context.now
            return .openGap(
                Gap(
                    stream: context.key,
                    kind: .item,
                    from: at,
                    to: at,
                    item: item,
                    cause: .shape,
                    how: reason,
                    detected: context.time.now,
                    held: true
                )
            )
        }
    }
}

extension StreamContext {
    /// The fields that are picked from every record.
    var pick: RecordFields { RecordFields(self) }

    /// Adds to a batch what its records say beyond themselves.
    func watch(_ batch: inout Batch, _ body: [UInt8], _ split: Split, _ pick: RecordFields) {
        guard let watches, split.count > 0 else { return }
        batch.effects += watches.effects(
            body,
            split,
            pick,
            stream: key,
            newest: batch.newestEvent,
            now: now
        )
    }

    /// What becomes of a record that comes again with other bytes.
    var onChange: Batch.OnChange {
        switch session.definition.dedupe.onChange {
        case .keep: .keep
        case .drop: .drop
        }
    }
}
