// SPDX-License-Identifier: Apache-2.0
package import Basics
import Connectors
import JSON
package import Status
package import Store

/// Makes derived streams of the committed journal, which it reads once for all of them.
///
/// Each stream has its own cursor. What a pass makes of one stream goes to the committer with the records it holds and
/// its cursor in one batch, so that a death at any instant leaves either all of it done or none.
package actor Deriver {
    private let home: Home
    private let ledger: any Ledger
    private let committer: Committer
    private let time: any TimeSource
    private let log: Log
    private let chunk: Int
    private let executor = ThreadExecutor("headgate-deriver")
    private var isDeriving = false
    /// How far streams have come without meeting anything, beyond what their cursors say.
    private var reached: [StreamKey: JournalPosition] = [:]

    /// Runs on a thread of its own, since it waits for disks.
    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Reads the journal of `home` in chunks of about `chunk` bytes.
    package init(
        home: Home,
        ledger: any Ledger,
        committer: Committer,
        time: any TimeSource,
        log: Log,
        chunk: Int = 1 << 20
    ) {
        self.home = home
        self.ledger = ledger
        self.committer = committer
        self.time = time
        self.log = log
        self.chunk = chunk
    }

    /// Up to where a derived stream has read the journal, as its cursor in the ledger says.
    package static func position(of stream: StreamKey, in ledger: any Ledger) async throws -> JournalPosition
    {
        try await ledger.cursor(Derivation.cursor, of: stream).flatMap { JournalPosition($0) } ?? .start
    }

    /// Brings every stream to the journal's committed end, and says how each fared.
    ///
    /// While one pass is under way another returns at once with nothing. Throws what journal, ledger and committer
    /// throw; the next pass goes on from the cursors. A cancelled task stops after a chunk.
    package func derive(_ streams: [DerivedStream]) async throws -> [StreamKey: CycleEnd] {
        guard !isDeriving, !streams.isEmpty else { return [:] }
        isDeriving = true
        defer { isDeriving = false }
        var works: [Derivation] = []
        var readers: [StreamKey: [Int]] = [:]
        for stream in streams {
            let work = try await Derivation(stream, ledger: ledger, committer: committer, time: time)
            if let further = reached[stream.key] { work.position = max(work.position, further) }
            for source in stream.sources { readers[source.key, default: []].append(works.count) }
            works.append(work)
        }
        let extent = try await JournalExtent(ledger)
        // A journal that was begun anew is shorter than what was reached in the one before.
        for work in works where work.position > extent.end { work.position = extent.end }
        let start = works.map(\.position).min() ?? extent.end
        let lost = try await read(extent, from: start, works, readers)
        var ends: [StreamKey: CycleEnd] = [:]
        for (place, work) in works.enumerated() {
            work.position = max(work.position, extent.end)
            ends[work.derived.key] = try await work.finish(lost: lost.contains(place))
            reached[work.derived.key] = work.position
        }
        return ends
    }

    /// Reads from `start` to the end of `extent`; gives back the streams for which some of it was no longer there.
    private func read(
        _ extent: JournalExtent,
        from start: JournalPosition,
        _ works: [Derivation],
        _ readers: [StreamKey: [Int]]
    ) async throws -> Set<Int> {
        let reader = JournalReader(home: home, from: start, extent: extent, chunk: chunk)
        var lost: Set<Int> = []
        while true {
            let more = try reader.next()
            if let skipped = reader.skipped { lost.formUnion(missed(skipped, works)) }
            guard more else { return lost }
            for run in reader.runs {
                for place in readers[run.stream] ?? [] { try await take(run, of: reader, works[place]) }
            }
            for work in works {
                work.position = max(work.position, reader.position)
                if work.isFull { try await work.commit() }
            }
            try Task.checkCancellation()
        }
    }

    /// The streams that had not read what is gone; one that has not begun reads what there is.
    private func missed(_ skipped: Range<JournalPosition>, _ works: [Derivation]) -> [Int] {
        works.indices.filter { works[$0].position < skipped.upperBound && works[$0].position > .start }
            .map { place in
                log.error(
                    "journal segments were removed before a derived stream had read them",
                    ["stream": works[place].derived.key.description, "to": skipped.upperBound.description]
                )
                return place
            }
    }

    /// Shows the lines of a run to a stream that is made of them, but for those that it has seen.
    private func take(_ run: JournalRun, of reader: JournalReader, _ work: Derivation) async throws {
        let lines = run.lines.filter { reader.end(of: $0) > work.position }
        guard !lines.isEmpty else { return }
        // As an array, so that one walk finds the members of all.
        var body: [UInt8] = []
        reader.withBytes { bytes in
            body.reserveCapacity(run.bytes.count)
            for line in lines {
                body.append(UInt8(ascii: body.isEmpty ? "[" : ","))
                body.append(contentsOf: bytes[reader.lines[line].event])
            }
        }
        body.append(UInt8(ascii: "]"))
        let split: Split
        do {
            split = try Scanner.split(body, picking: work.plan.columns.fields)
        } catch {
            // What is in the journal was JSON when it was stored.
            log.error(
                "lines of the journal do not read and are passed over",
                ["stream": run.stream.description, "at": reader.position.description, "because": "\(error)"]
            )
            return
        }
        for element in 0..<split.count where split.defect(element) == nil {
            let event = ScannedEvent(body, split, element, work.plan.columns)
            let range = split.range(element)
            try await work.take(event, collected: reader.collected(of: lines[element]) ?? time.now) {
                Array(body[range])
            }
            if work.isFull {
                work.position = reader.end(of: lines[element])
                try await work.commit()
            }
        }
    }
}
