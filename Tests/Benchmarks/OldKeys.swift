// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import Status
import Store

/// The 400 blobs once more, beside eight million keys of the last eight days.
enum OldKeys {
    private static let days = 8
    private static let keysPerDay = 1_000_000

    static func rows(_ setting: Setting) async throws -> [Report.Row] {
        let lab = try await CollectingSpeed.lab("keys", setting)
        defer { lab.end() }
        let reference = try Reference(lab)
        let home = try await CollectingSpeed.connected(lab)
        let fresh = lab.folder + "/fresh"
        try await Files.copy(home, to: fresh)
        let began = Stopwatch.now()
        try await fill(home)
        setting.say("  8 million keys filled in \((Double(Stopwatch.now() - began) / 1e9).text(1)) s")
        var rounds = Rounds()
        for run in 1...setting.runs {
            let (download, sync) = try await reference.run()
            rounds.add("synced", download + sync)
            rounds.add("fresh", try await collect(lab, fresh))
            rounds.add("old", try await collect(lab, home))
            setting.say("  run \(run): \(rounds.latest)")
        }
        let size = Files.size(of: home + "/ledger.sqlite")
        return [
            rounds.row(
                "the same, without old keys",
                "fresh",
                against: "synced",
                note: "with archive; the first pass of its day, with the daily backup"
            ),
            rounds.row(
                "the same beside 8 million old keys",
                "old",
                against: "synced",
                wanted: "<= 3x, <= 64 MB",
                note:
                    "with archive, \(rounds.ratio("old", "fresh")) of without; ledger \(size.megabytes)"
            ),
        ]
    }

    private static func collect(_ lab: Lab, _ home: String) async throws -> Sample {
        try await lab.collect(home, archive: true) { try CollectingSpeed.check($0, archive: true) }
    }

    /// Puts keys of nobody's records beside those to come, through the ledger's own door.
    static func fill(_ path: String) async throws {
        let home = try Home.open(path)
        let ledger = try SQLiteLedger(home: home)
        guard let connection = try await ledger.connections().first, let stream = connection.streamKeys.first
        else {
            throw BenchFailure("nothing is connected in \(path)")
        }
        var random = SystemRandomNumberGenerator()
        let now = SystemTime().now
        for day in (0..<days).reversed() {
            let entries = (1...keysPerDay).map { number in
                BatchEntry(
                    end: number,
                    key: KeyDigest(high: random.next(), low: random.next()),
                    content: random.next()
                )
            }
            let batch = Batch(stream: stream, availability: now - .days(day), entries: entries)
            let sifted = Sifted(
                batch: batch,
                kept: [0..<keysPerDay],
                committed: Committed(stored: keysPerDay)
            )
            let end = JournalEnd(position: try await ledger.committedEnd())
            try await ledger.apply([sifted], end: end)
        }
        // Taken by the first pass of a day; the measured one is any other.
        _ = try await ledger.backup(of: home, now: now)
    }
}
