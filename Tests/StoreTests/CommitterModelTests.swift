// SPDX-License-Identifier: Apache-2.0
import Basics
import Glibc
import Status
import Store
import TestSupport
import Testing

/// Random batches, faults, torn tails and restarts against a model that is a few lines long.
@Suite(.timeLimit(.minutes(5))) struct CommitterModelTests {
    /// What must be stored: for each stream and key the texts seen, and the journal's lines in order.
    private struct Model {
        var seen: [StreamKey: [String: [String]]] = [:]
        var lines: [String] = []

        mutating func take(
            _ records: [(key: String, text: String)],
            _ stream: StreamKey,
            _ rule: Batch.OnChange
        )
            -> Committed
        {
            var result = Committed()
            for record in records {
                let known = seen[stream]?[record.key] ?? []
                if known.contains(record.text) {
                    result.duplicate += 1
                    continue
                }
                if !known.isEmpty { result.changed += 1 }
                if !known.isEmpty, rule == .drop { continue }
                seen[stream, default: [:]][record.key, default: []].append(record.text)
                lines.append("\(stream.stream) \(record.key) \(record.text)")
                result.stored += 1
            }
            return result
        }
    }

    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func `journal and answers are those of the model`(seed: UInt64) async throws {
        var random = SplitMix(seed)
        let shop = try Workshop()
        let disk = FaultyDisk()
        var model = Model()
        var ledger = try shop.ledger()
        var committer = try await shop.committer(ledger, disk: disk, segmentSize: 3_000)
        for _ in 0..<120 {
            let stream = Bool.random(using: &random) ? StreamKey.exchange : .general
            let rule = Bool.random(using: &random) ? Batch.OnChange.keep : .drop
            let records = (0..<Int.random(in: 0...8, using: &random)).map { _ in
                (
                    key: "k\(Int.random(in: 0...60, using: &random))",
                    text: "t\(Int.random(in: 0...9, using: &random) == 0 ? 1 : 0)"
                )
            }
            let batch = Batch.of(
                records,
                stream: stream,
                day: Int.random(in: 20_600...20_603, using: &random),
                onChange: rule
            )
            switch Int.random(in: 0..<20, using: &random) {
            case 0 where !records.isEmpty:
                disk.fail(.write, EIO)
                if let stored = try? await committer.commit(batch) {
                    // Nothing was written, so the fault still waits: it must not hit another batch.
                    #expect(stored.stored == 0)
                    disk.clear()
                    _ = model.take(records, stream, rule)
                }
                continue
            case 1: disk.fail(.sync, EIO)
            case 2:
                tear(shop, using: &random)
                ledger = try shop.ledger()
                committer = try await shop.committer(ledger, disk: disk, segmentSize: 3_000)
            default: break
            }
            let stored = try await committer.commit(batch)
            let wanted = model.take(records, stream, rule)
            #expect(stored == wanted)
            disk.clear()
        }
        #expect(try await shop.lines(ledger).map(Self.short) == model.lines)
    }

    /// Leaves what a crash may leave beyond the committed end.
    private func tear(_ shop: Workshop, using random: inout SplitMix) {
        guard let last = shop.folder.files(below: "home/journal").max() else { return }
        let file = open(shop.folder.file(last), O_WRONLY | O_APPEND)
        let bytes = (0..<Int.random(in: 0...300, using: &random)).map { _ in
            UInt8.random(in: 0...255, using: &random)
        }
        _ = bytes.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
        close(file)
    }

    /// A line as the model writes it.
    private static func short(_ line: String) -> String {
        func field(_ name: String) -> Substring {
            guard let start = line.range(of: "\"\(name)\":\"") else { return "?" }
            return line[start.upperBound...].prefix { $0 != "\"" }
        }
        let event = line.range(of: "\"event\":").map { String(line[$0.upperBound...]) } ?? ""
        func inner(_ name: String) -> Substring {
            guard let start = event.range(of: "\"\(name)\":\"") else { return "?" }
            return event[start.upperBound...].prefix { $0 != "\"" }
        }
        return "\(field("stream")) \(inner("id")) \(inner("text"))"
    }
}

extension String {
    fileprivate func range(of part: String) -> Range<String.Index>? { ranges(of: part).first }
}

/// A small generator whose numbers a seed decides.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }
}
