// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import JSON
import Status
import Store

/// How fast bodies are split into events and fields are picked, and how fast lines are made of them.
enum ScannerSpeed {
    /// What is picked of each event.
    static let fields = ["Id", "Operation", "RecordType", "CreationTime"].map { FieldPath([$0]) }
    /// How many events are split.
    static let count = 20_000
    /// Whose events they are.
    static let envelope = Envelope(
        stream: StreamKey(customer: "contoso", connection: "o365", stream: "Audit.Exchange"),
        connector: "office365-management",
        tenant: "be9c0000-0000-4000-8000-000000000001",
        identity: "be9c0000-0000-4000-8000-000000000001"
    )

    static func rows(_ setting: Setting) -> [Report.Row] {
        let bodies = bodies()
        let bytes = bodies.reduce(0) { $0 + $1.count }
        var events = 0
        let split = best(setting.runs * 3) {
            events = 0
            for body in bodies { events += (try? Scanner.split(body, picking: fields).count) ?? 0 }
        }
        var lines = 0
        let compose = best(setting.runs * 3) {
            lines = 0
            for body in bodies {
                guard let split = try? Scanner.split(body, picking: fields) else { continue }
                var builder = BatchBuilder(envelope, collected: Timestamp(seconds: 1_700_000_000))
                _ = builder.append(body, split, key: [0, 1, 2], time: 3)
                lines += builder.entries.count
            }
        }
        let size = "\(events.grouped) events of \(bytes / max(1, events)) bytes"
        return [
            row("Scanner: split, pick 4 fields", bytes, split, wanted: ">= 1000 MB/s", note: size),
            row(
                "Scanner and journal lines",
                bytes,
                compose,
                wanted: "",
                note: "\(lines.grouped) lines with ids"
            ),
        ]
    }

    /// Blobs of a hundred events of the usual mix.
    static func bodies() -> [[UInt8]] {
        let generator = EventGenerator(seed: 7)
        return (0..<count / 100).map { index in
            var body: [UInt8] = [0x5b]
            generator.append(
                100,
                blob: index,
                of: ContentType.allCases[index % 4],
                tenant: "be9c0000-0000-4000-8000-000000000001",
                domain: "bench.example",
                created: Timestamp(seconds: 1_700_000_000),
                to: &body
            )
            body.append(0x5d)
            return body
        }
    }

    private static func row(_ what: String, _ bytes: Int, _ times: [Double], wanted: String, note: String)
        -> Report
        .Row
    {
        let speeds = times.map { Double(bytes) / $0 / 1e6 }
        let typical = speeds.median.text(0)
        return Report.Row(
            what,
            wanted: wanted,
            note: "best \((speeds.max() ?? 0).text(0)) MB/s, median \(typical) MB/s; \(note)"
        )
    }

    /// Seconds of each of so many runs.
    private static func best(_ runs: Int, _ body: () -> Void) -> [Double] {
        body()
        return (0..<max(1, runs)).map { _ in
            let start = Stopwatch.now()
            body()
            return Double(Stopwatch.now() - start) / 1e9
        }
    }
}
