// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Crypto
import JSON
import Source
import Status
import Store

/// Reads a whole set, then compares it with the stored one; until all pages came nothing is stored.
///
/// What differs waits on disk and is stored in portions, each a batch of records with the members they change. So an
/// interruption between two portions costs and doubles nothing: the next snapshot finds the rest different still.
/// Memory holds one page, one portion and sixteen bytes a member.
struct SnapshotRun: Sendable {
    let context: StreamContext
    let snapshot: Cursor.Snapshot
    /// Where the coverage row begins that counts what comes.
    let row: Timestamp
    let purse: Purse

    /// What a run brought.
    struct Result: Sendable {
        var committed = Committed()
        var listed = 0
        /// When the source answered first: the set is what it was then.
        var date: Timestamp
    }

    /// A portion has about so many bytes, and not more members.
    private static let portion = (bytes: 1 << 20, members: 1_000)
    /// So many complete snapshots without a member mean that it is gone.
    private static let patience = 2

    /// Throws a ``Setback`` where a page did not come; then nothing has changed.
    func run() async throws -> Result {
        let spool = Spool(context.quarantine.home)
        var result = Result(date: context.now)
        var seen = try await read(into: spool, &result)
        seen.sort()
        while let elements = try portion(of: spool) {
            result.committed.add(try await store(elements))
        }
        try await settleAbsent(seen, &result)
        return result
    }

    // MARK: reading

    /// Reads every page, sets aside what differs from the stored set, and gives the keys of all members.
    private func read(into spool: Spool, _ result: inout Result) async throws -> [KeyDigest] {
        let reader = SetReader(context.stream, snapshot)
        let picks = reader.picks
        var walk = PageWalk(context.stream.paging)
        var place = PagePlace.first
        var seen: [KeyDigest] = []
        var refused: [BatchBuilder.Refused] = []
        while true {
            let page = try await context.page(at: place, with: context.names, picking: picks, purse: purse)
            if place == .first { result.date = page.reply.date ?? context.now }
            var elements: [SetElement] = []
            for index in 0..<page.count {
                if let defect = page.split.defect(index) {
                    let bytes = Array(page.reply.body[page.split.range(index)])
                    refused.append(
                        BatchBuilder.Refused(index: result.listed + index, defect: defect, bytes: bytes)
                    )
                    continue
                }
                guard let element = reader.element(index, of: page) else {
                    let names = snapshot.key.map(\.description).joined(separator: ", ")
                    throw context.setback(page.reply, .malformed, "an element of the set has no \(names)")
                }
                elements.append(element)
            }
            seen += elements.map(\.key)
            result.listed += page.count
            let known = try await context.ledger.members(elements.map(\.key), of: context.key)
            for element in elements {
                let member = known[element.key]
                if member?.version != element.version || member?.missed != 0 {
                    try spool.append(element.bytes)
                }
            }
            switch walk.read(page.facts) {
            case .done:
                let held = QuarantinedRecords(context: context, of: "set", available: row)
                let effects = try held.hold(refused)
                if !effects.isEmpty { try await context.note(effects) }
                result.committed.held += refused.count
                return seen
            case .follow(let next): place = next
            case .trouble(let trouble): throw context.setback(page, trouble, listing: context.stream.id)
            }
        }
    }

    private func portion(of spool: Spool) throws -> [SetElement]? {
        var elements: [SetElement] = []
        var bytes = 0
        while bytes < Self.portion.bytes, elements.count < Self.portion.members,
            let next = try spool.next()
        {
            bytes += next.count
            if let element = SetElement(bytes: next) { elements.append(element) }
        }
        return elements.isEmpty ? nil : elements
    }

    // MARK: storing

    /// Makes records of the elements that differ from the set as it is now.
    private func store(_ elements: [SetElement]) async throws -> Committed {
        var members = try await context.ledger.members(elements.map(\.key), of: context.key)
        var changed: Set<KeyDigest> = []
        var builder = builder
        for element in elements {
            var member = members[element.key] ?? SetMember(key: element.key, name: element.name)
            if member.version != element.version {
                let turn = member.become(element.version)
                put(element, turn, into: &builder)
            }
            member.missed = 0
            member.gone = nil
            members[element.key] = member
            changed.insert(element.key)
        }
        return try await commit(builder, changed.compactMap { members[$0] })
    }

    /// Makes a record of an element as far as the connection wants it.
    private func put(_ element: SetElement, _ turn: Int?, into builder: inout BatchBuilder) {
        var secrets: [Range<Int>] = []
        if let selection = context.selection {
            guard let found = selection.secrets(in: element.event) else { return builder.leaveOut() }
            secrets = found
        }
        builder.append(
            event: element.event,
            key: parts(element.key, Self.hex(element.version), turn),
            time: element.time,
            format: RecordFields.format(of: context.stream),
            redacting: secrets
        )
    }

    /// Counts who is not there any more; one that was not there twice is gone, which may be a record too.
    private func settleAbsent(_ seen: [KeyDigest], _ result: inout Result) async throws {
        var last: KeyDigest?
        var place = seen.startIndex
        while true {
            let members = try await context.ledger.members(
                of: context.key,
                after: last,
                most: Self.portion.members
            )
            guard let end = members.last else { return }
            last = end.key
            var changed: [SetMember] = []
            var builder = builder
            for var member in members {
                // Both are in the order of their keys.
                while place < seen.endIndex, seen[place] < member.key { place += 1 }
                if place < seen.endIndex, seen[place] == member.key { continue }
                member.missed += 1
                if member.missed >= Self.patience {
                    member.gone = result.date
                    let turn = member.become(SetMember.absent)
                    if snapshot.removals == .emit {
                        let event = Array("{\"removed\":".utf8) + member.name + [UInt8(ascii: "}")]
                        builder.append(event: event, key: parts(member.key, "removed", turn), time: nil)
                    }
                }
                changed.append(member)
            }
            if !changed.isEmpty { result.committed.add(try await commit(builder, changed)) }
        }
    }

    private var builder: BatchBuilder { BatchBuilder(context.envelope, collected: context.time.now) }

    private func commit(_ builder: BatchBuilder, _ members: [SetMember]) async throws -> Committed {
        let open = CoverageRow(
            stream: context.key,
            from: row,
            to: max(context.now, row),
            state: .open
        )
        var batch = builder.batch(
            availability: context.now,
            row: row,
            effects: [.coverage(open), .members(members)]
        )
        batch.isSifted = false
        return try await context.committer.commit(batch)
    }

    /// What a record's id is made of: the member, its version, and its turn where the version comes again.
    private func parts(_ key: KeyDigest, _ version: String, _ turn: Int?) -> [String] {
        [Self.hex(key.high) + Self.hex(key.low), version] + (turn.map { ["\($0)"] } ?? [])
    }

    private static func hex(_ word: UInt64) -> String {
        withUnsafeBytes(of: word.bigEndian) { Hex.encode(Array($0)) }
    }
}
