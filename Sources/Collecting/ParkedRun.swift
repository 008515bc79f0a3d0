// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import JSON
import Status
import Store

/// Parks items that do not come, and tries parked ones again until their deadline.
struct ParkedRun: Sendable {
    let context: StreamContext
    let purse: Purse

    /// What puts an item aside: its gap, and what is needed to ask for it again.
    func park(_ item: ListedItem, _ setback: Setback, row: Timestamp?) -> [Effect] {
        let now = context.time.now
        let available = item.available ?? context.now
        let deadline = item.expires ?? context.retention.map { available + $0 }
        let isGone = setback.faultClass == .gone
        let next = isGone || setback.isHeld ? nil : Parking.nextTry(after: 0, now: now, deadline: deadline)
        let gap = Gap(
            stream: context.key,
            kind: .item,
            from: available,
            to: available,
            item: item.id,
            cause: setback.faultClass,
            how: setback.message,
            detected: now,
            recoverableUntil: isGone ? nil : deadline,
            lost: isGone,
            held: setback.isHeld,
            attempts: 1,
            nextTry: next
        )
        guard let next else { return [.openGap(gap), .remember(item: item.id, availability: available)] }
        let parked = ParkedItem(
            stream: context.key,
            item: item.id,
            listed: item.bytes,
            availability: available,
            expires: deadline,
            attempts: 0,
            nextTry: next,
            lastError: setback.message,
            row: row
        )
        return [.openGap(gap), .park(parked)]
    }

    /// Tries every parked item that is due, and says what came.
    func retry() async throws -> Committed {
        var total = Committed()
        guard let fetch = context.stream.fetch else { return total }
        for parked in try await context.ledger.parked(of: context.key)
        where parked.nextTry <= context.time.now {
            guard let value = try? Value(parsing: parked.listed),
                let item = ListedItem(value, of: context.stream.list)
            else { continue }
            let run = ItemFetch(
                context: context,
                fetch: fetch,
                item: item,
                row: parked.row,
                isLate: false,
                purse: purse,
                most: 1,
                effects: [.resolve(item: parked.item, recovered: context.time.now)]
            )
            do {
                let committed = try await run.run()
                total.stored += committed.stored
                total.newestEvent = [total.newestEvent, committed.newestEvent].compactMap { $0 }.max()
            } catch let setback as Setback {
                try await failed(parked, setback)
                // What holds the whole stream back holds back the other items as well.
                if !setback.isOfTheItem, !setback.isGap { throw setback }
            }
        }
        return total
    }

    private func failed(_ parked: ParkedItem, _ setback: Setback) async throws {
        let now = context.time.now
        var parked = parked
        parked.attempts += 1
        parked.lastError = setback.message
        let next =
            setback.faultClass == .gone
            ? nil : Parking.nextTry(after: parked.attempts, now: now, deadline: parked.expires)
        if let next {
            parked.nextTry = next
            try await context.note([.park(parked)])
        } else {
            context.log.error("an item is lost", ["item": parked.item, "because": setback.message])
            try await context.note([.resolve(item: parked.item, recovered: nil)])
        }
    }
}
