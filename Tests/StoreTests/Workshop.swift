// SPDX-License-Identifier: Apache-2.0
import Basics
import JSON
import Status
import Store
import TestSupport

/// A home in a temporary folder with its ledger and committer, opened again as often as a test crashes it.
final class Workshop: Sendable {
    let folder = TemporaryFolder()
    let home: Home
    let time = ManualTime(Timestamp(seconds: 1_780_000_000))

    init() throws { home = try Home.open(folder.file("home")) }

    func ledger() throws -> SQLiteLedger { try SQLiteLedger(home: home, time: time) }

    func committer(
        _ ledger: SQLiteLedger? = nil,
        disk: any Disk = SystemDisk(),
        segmentSize: Int64 = 64 << 20,
        log: Log = .silent
    ) async throws -> Committer {
        try await Committer(
            home: home,
            ledger: ledger ?? self.ledger(),
            time: time,
            log: log,
            disk: disk,
            segmentSize: segmentSize
        )
    }

    /// The committed lines of the whole journal, in order.
    func lines(_ ledger: SQLiteLedger) async throws -> [String] {
        let end = try await ledger.committedEnd()
        var lengths = try await ledger.closedSegments().map { ($0.number, Int($0.length)) }
        if end.offset > 0 { lengths.append((end.segment, Int(end.offset))) }
        var lines: [String] = []
        for (number, length) in lengths where length > 0 {
            let digits = String(number)
            let name = String(repeating: "0", count: 10 - digits.count) + digits + ".ndjson"
            guard let bytes = folder.read("home/journal/" + name) else { continue }
            lines += String(decoding: bytes.prefix(length), as: UTF8.self).split(separator: "\n").map(
                String.init
            )
        }
        return lines
    }

    /// What stands in the journal's files, committed or not.
    var bytesOnDisk: Int {
        folder.files(below: "home/journal").reduce(0) { $0 + (folder.read($1)?.count ?? 0) }
    }
}

extension StreamKey {
    static let exchange = StreamKey(customer: "acme", connection: "o365", stream: "Audit.Exchange")
    static let general = StreamKey(customer: "acme", connection: "o365", stream: "Audit.General")
}

extension Batch {
    /// A batch of records, each of a key and its text.
    static func of(
        _ records: [(key: String, text: String)],
        stream: StreamKey = .exchange,
        day: Int = 20_600,
        contentID: String? = nil,
        onChange: OnChange = .keep,
        isLate: Bool = false,
        row: Timestamp? = nil,
        effects: [Effect] = []
    ) -> Batch {
        var builder = BatchBuilder(
            Envelope(stream: stream, connector: "office", tenant: "t", identity: "t"),
            collected: Timestamp(seconds: 1_780_000_000)
        )
        for record in records {
            let event: Value = ["id": .string(record.key), "text": .string(record.text)]
            builder.append(event: event.bytes(), key: [record.key], time: nil)
        }
        return builder.batch(
            availability: Timestamp(seconds: Int64(day) * 86_400 + 100),
            contentID: contentID,
            onChange: onChange,
            isLate: isLate,
            row: row,
            effects: effects
        )
    }

    static func of(_ keys: String...) -> Batch { of(keys.map { ($0, "a") }) }
}

/// A disk whose calls fail as told, with an error number.
final class FaultyDisk: Disk {
    enum Call: Sendable, Hashable { case write, sync, cut }
    private let faults = Locked([Call: [Int32]]())
    private let system = SystemDisk()

    /// The next calls of this kind answer with `codes`, zero being success.
    func fail(_ call: Call, _ codes: Int32...) { faults.withLock { $0[call, default: []] += codes } }

    /// Forgets faults that have not been met.
    func clear() { faults.withLock { $0 = [:] } }

    private func next(_ call: Call) -> Int32 {
        faults.withLock { faults in
            guard let codes = faults[call], let code = codes.first else { return 0 }
            faults[call] = Array(codes.dropFirst())
            return code
        }
    }

    func write(_ bytes: UnsafeRawBufferPointer, to file: Int32, at offset: Int64) -> Int32 {
        let code = next(.write)
        guard code != 0 else { return system.write(bytes, to: file, at: offset) }
        // A failed write has often written a part.
        _ = system.write(
            UnsafeRawBufferPointer(rebasing: bytes.prefix(bytes.count / 2)),
            to: file,
            at: offset
        )
        return code
    }

    func sync(_ file: Int32) -> Int32 {
        let code = next(.sync)
        return code == 0 ? system.sync(file) : code
    }

    func cut(_ file: Int32, to length: Int64) -> Int32 {
        let code = next(.cut)
        return code == 0 ? system.cut(file, to: length) : code
    }
}
