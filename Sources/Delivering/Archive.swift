// SPDX-License-Identifier: Apache-2.0
package import Basics
import Glibc
import Status
package import Store

/// The destination `archive`: files of lines, one a stream and day, each record in exactly one of them once.
///
/// It is a function of the committed journal. A commit writes many files, syncs them, and moves the cursor together
/// with the files' lengths in one ledger transaction; so after a crash the journal from the cursor on says which bytes
/// beyond the recorded lengths are right, and they are passed over instead of being cut.
package actor Archive {
    /// What a line of a file is.
    package enum Format: String, Sendable, CaseIterable {
        /// The journal's line.
        case journal
        /// Only the event, byte for byte as it was received.
        case raw
    }

    /// How much goes into one commit.
    package struct Portion: Sendable, Equatable {
        /// About how many bytes are read at once.
        package var chunk: Int
        /// After how many bytes a commit is due.
        package var bytes: Int64
        /// After how many files a commit is due.
        package var files: Int

        /// Puts it together from its parts.
        package init(chunk: Int = 1 << 20, bytes: Int64 = 128 << 20, files: Int = 4096) {
            self.chunk = chunk
            self.bytes = bytes
            self.files = files
        }
    }

    /// The name under which the ledger keeps its cursor.
    package static let destination = "archive"

    let home: Home
    let ledger: any Ledger
    let time: any TimeSource
    let log: Log
    private let format: Format
    private let portion: Portion
    private let executor = ThreadExecutor("headgate-archive")
    private var isDelivering = false
    /// A sync has failed since the last commit: what stands beyond the recorded lengths may not be on disk.
    private var syncFailed = false
    /// Where lines of several runs are laid side by side.
    private var gathered: [UInt8] = []

    /// Runs on a thread of its own, since it waits for disks.
    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Delivers the journal of `home` into its archive.
    package init(
        home: Home,
        ledger: any Ledger,
        time: any TimeSource = SystemTime(),
        log: Log = .silent,
        format: Format = .journal,
        portion: Portion = Portion()
    ) {
        self.home = home
        self.ledger = ledger
        self.time = time
        self.log = log
        self.format = format
        self.portion = portion
    }

    /// Delivers everything that was committed when it was called, and says what came newly into the files.
    ///
    /// While one delivery is under way another returns at once with nothing. Throws ``DeliveryFailure``, or what
    /// ledger and journal throw; the next call goes on from the last commit. A cancelled task stops after a chunk,
    /// with what it has written committed.
    package func deliver() async throws -> Delivered {
        guard !isDelivering else { return Delivered() }
        isDelivering = true
        defer {
            isDelivering = false
            gathered = []
        }
        let extent = try await JournalExtent(ledger)
        var tally = Tally()
        var begun: Set<String> = []
        while true {
            do {
                try await pass(extent, &tally)
                return tally.delivered
            } catch let odd as OddFile {
                try Task.checkCancellation()
                // Once is an accident; again at once is somebody at work, who would go on for ever.
                guard begun.insert(odd.path).inserted else {
                    throw DeliveryFailure.disturbed(path: home.archive + "/" + odd.path)
                }
                try await beginAnew(odd.path)
            }
        }
    }

    /// What is delivered, counted as it is committed.
    private struct Tally {
        var delivered = Delivered()
        var files: Set<String> = []

        mutating func add(_ part: Part) {
            delivered.records += part.records
            delivered.bytes += part.bytes
            files.formUnion(part.files.lengths.keys)
            delivered.files = files.count
        }
    }

    /// What one commit is about to move.
    private struct Part {
        let files: ArchiveFiles
        var records = 0
        var bytes: Int64 = 0
    }

    /// Goes from the recorded cursor to the end of `extent`.
    private func pass(_ extent: JournalExtent, _ tally: inout Tally) async throws {
        var cursor = try await ledger.delivered(Self.destination) ?? .start
        let reader = JournalReader(home: home, from: cursor, extent: extent, chunk: portion.chunk)
        var part = Part(files: try files())
        while true {
            let more: Bool
            do {
                more = try reader.next()
            } catch {
                note(reader.skipped)
                // What was good up to there need not be done again.
                if reader.position != cursor { try await commit(part, reader.position, &tally) }
                throw error
            }
            note(reader.skipped)
            if more { try await put(reader, &part) }
            let isDue = part.bytes >= portion.bytes || part.files.count >= portion.files
            if reader.position != cursor, !more || isDue || Task.isCancelled {
                try await commit(part, reader.position, &tally)
                cursor = reader.position
                part = Part(files: try files())
            }
            if !more { return }
            try Task.checkCancellation()
        }
    }

    private func note(_ skipped: Range<JournalPosition>?) {
        guard let skipped else { return }
        log.error(
            "journal segments were removed before they were delivered",
            [
                "destination": Self.destination, "from": skipped.lowerBound.description,
                "to": skipped.upperBound.description,
            ]
        )
    }

    private func files() throws -> ArchiveFiles {
        try ArchiveFiles(folder: home.archive, rewrites: syncFailed)
    }

    /// Writes a chunk's lines, those of one file together.
    private func put(_ reader: JournalReader, _ part: inout Part) async throws {
        var order: [String] = []
        var runs: [String: [JournalRun]] = [:]
        for run in reader.runs {
            let stream = run.stream
            let path = "\(stream.customer)/\(stream.connection)/\(stream.stream)/\(run.day).ndjson"
            if runs[path] == nil { order.append(path) }
            runs[path, default: []].append(run)
        }
        let fresh = order.filter { !part.files.holds($0) }
        let recorded = fresh.isEmpty ? [:] : try await ledger.lengths(Self.destination, of: fresh)
        for path in order {
            if !part.files.holds(path) { try part.files.take(path, recorded: recorded[path] ?? 0) }
            part.bytes += try put(runs[path] ?? [], of: reader, into: path, part.files)
        }
        part.records += reader.lines.count
    }

    private func put(_ runs: [JournalRun], of reader: JournalReader, into path: String, _ files: ArchiveFiles)
        throws -> Int64
    {
        try reader.withBytes { bytes throws -> Int64 in
            if format == .journal, runs.count == 1, let run = runs.first {
                try files.put(UnsafeRawBufferPointer(rebasing: bytes[run.bytes]), into: path)
                return Int64(run.bytes.count)
            }
            gathered.removeAll(keepingCapacity: true)
            for run in runs {
                switch format {
                case .journal: gathered.append(contentsOf: bytes[run.bytes])
                case .raw:
                    for line in reader.lines[run.lines] {
                        gathered.append(contentsOf: bytes[line.event])
                        gathered.append(0x0A)
                    }
                }
            }
            try gathered.withUnsafeBytes { try files.put($0, into: path) }
            return Int64(gathered.count)
        }
    }

    private func commit(_ part: Part, _ cursor: JournalPosition, _ tally: inout Tally) async throws {
        do {
            try part.files.sync()
        } catch {
            syncFailed = true
            throw error
        }
        CrashPoint.hit(.archiveWritten)
        let delivery = Delivery(destination: Self.destination, cursor: cursor, files: part.files.lengths)
        try await ledger.write([.delivered(delivery)])
        syncFailed = false
        tally.add(part)
    }

    // MARK: files that are not as recorded

    /// Begins the file at `path` anew from the cursor on; what stands there is put aside, never cut or lost.
    private func beginAnew(_ path: String) async throws {
        let whole = home.archive + "/" + path
        var aside = ""
        if let facts = FileFacts(whole), facts.size > 0 {
            aside = unusedName(
                whole + ".damaged-" + time.now.secondsText.filter { $0 != "-" && $0 != ":" } + "Z"
            )
            guard rename(whole, aside) == 0 else { throw DeliveryFailure.of(whole, "put aside", errno) }
        }
        // Recorded before a byte of the new file is written: a crash in between must not take it for the old one.
        let cursor = try await ledger.delivered(Self.destination) ?? .start
        try await ledger.write([
            .delivered(Delivery(destination: Self.destination, cursor: cursor, files: [path: 0]))
        ])
        log.warning(
            "an archive file was not as it was left: begun anew",
            ["file": path, "aside": aside, "from": cursor.description]
        )
    }

    private func unusedName(_ path: String) -> String {
        var name = path
        var number = 2
        while access(name, F_OK) == 0 {
            name = "\(path)-\(number)"
            number += 1
        }
        return name
    }
}
