// SPDX-License-Identifier: Apache-2.0
import Basics
import Delivering
import JSON
import Status
import Store
import TestSupport

/// A home with a real ledger and a journal that the test writes itself.
final class Yard {
    let folder = TemporaryFolder()
    let home: Home
    let ledger: SQLiteLedger
    let time = ManualTime(Timestamp(seconds: 1_795_242_600))
    let lines = CollectedLines()
    /// Every line of the journal so far with the file that it belongs into.
    private(set) var written: [(path: String, line: [UInt8], event: [UInt8])] = []
    private var segment: [UInt8] = []
    private var end = JournalPosition.start

    init() throws {
        home = try Home.open(folder.path)
        ledger = try SQLiteLedger(home: home, time: time)
    }

    func archive(_ format: Archive.Format = .journal, _ portion: Archive.Portion = .init()) -> Archive {
        Archive(home: home, ledger: ledger, time: time, log: lines.log(), format: format, portion: portion)
    }

    /// Appends one record to the journal, without committing it.
    func add(_ stream: String, _ event: String, collected: String = "2026-11-21T06:30:00Z") throws {
        let names = stream.split(separator: "/").map(String.init)
        let envelope = Envelope(
            stream: StreamKey(customer: names[0], connection: names[1], stream: names[2]),
            connector: "lab",
            tenant: #"a "tenant""#,
            identity: "i"
        )
        let collected = Timestamp(iso8601: collected) ?? Timestamp(seconds: 0)
        var builder = BatchBuilder(envelope, collected: collected)
        builder.append(event: Array(event.utf8), key: ["\(written.count)"], time: nil)
        written.append((stream + "/" + collected.day + ".ndjson", builder.lines, Array(event.utf8)))
        segment += builder.lines
    }

    /// Makes everything added so far committed; with `closing` the next record begins a segment.
    func commit(closing: Bool = false) async throws {
        let digits = String(end.segment)
        folder.write(
            segment,
            to: "journal/" + String(repeating: "0", count: 10 - digits.count) + digits + ".ndjson"
        )
        end.offset = Int64(segment.count)
        var closed: [ClosedSegment] = []
        if closing {
            closed = [ClosedSegment(number: end.segment, length: end.offset, closed: time.now)]
            end = JournalPosition(segment: end.segment + 1, offset: 0)
            segment = []
        }
        try await ledger.apply([], end: JournalEnd(position: end, closed: closed))
    }

    /// What the archive must hold of the lines in `range`, by file.
    func due(_ range: Range<Int>? = nil, _ format: Archive.Format = .journal) -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for item in written[range ?? 0..<written.count] {
            files[item.path, default: []] += format == .raw ? item.event + [0x0A] : item.line
        }
        return files
    }

    /// What the archive holds, by file.
    func found() -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for path in folder.files(below: "archive") {
            files[String(path.dropFirst("archive/".count))] = folder.read(path)
        }
        return files
    }

    func put(_ bytes: [UInt8], into path: String) { folder.write(bytes, to: "archive/" + path) }
}

/// Random numbers that come again with their seed (SplitMix64).
struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: Int) { state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
