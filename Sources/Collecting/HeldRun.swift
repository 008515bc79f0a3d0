// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import JSON
import Status
import Store

/// Reads bodies that are held in quarantine once more, when a person asks: a newer version may understand them.
struct HeldRun: Sendable {
    let context: StreamContext

    /// Stores what can be read now and closes its gaps; what still cannot waits for the next time it is asked for.
    func retry() async throws -> Committed {
        var total = Committed()
        let now = context.time.now
        for gap in try await context.ledger.gaps(.stream(context.key), openOnly: true)
        where gap.held && gap.nextTry.map({ $0 <= now }) ?? false {
            guard let item = gap.item, let bytes = try context.quarantine.bytes(of: item, stream: context.key)
            else { continue }
            var gap = gap
            gap.nextTry = nil
            gap.attempts += 1
            // A single record is held without the array it came in.
            let isRecord = item.contains("#")
            let body = isRecord ? Array("[".utf8) + bytes + Array("]".utf8) : bytes
            let pick = context.pick
            let items = isRecord ? Pointer.root : context.stream.fetch?.items ?? context.stream.list.items
            guard let split = try? Scanner.split(body, at: items, picking: pick.fields), split.isFlawless
            else {
                try await context.note([.updateGap(gap)])
                continue
            }
            gap.recovered = now
            var builder = BatchBuilder(context.envelope, collected: now)
            _ = pick.take(body, split, into: &builder)
            var batch = builder.batch(
                availability: gap.from,
                onChange: context.onChange,
                effects: [.updateGap(gap)]
            )
            context.watch(&batch, body, split, pick)
            let committed = try await context.committer.commit(batch)
            context.quarantine.release(item, of: context.key)
            total.stored += committed.stored
            total.dropped += committed.dropped
            total.redacted += committed.redacted
            total.newestEvent = [total.newestEvent, committed.newestEvent].compactMap { $0 }.max()
        }
        return total
    }
}
