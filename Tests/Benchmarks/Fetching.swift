// SPDX-License-Identifier: Apache-2.0
import Basics
import Glibc
import HTTPClient
import JSON
import Status
import Store

/// The middle of collecting in a process of its own: our client gets the same blobs, splits them and makes lines.
///
/// Between curl and the whole of Headgate it shows where time goes: what it takes beyond curl is the client's and the
/// splitting's, what the whole takes beyond it is the storing's.
enum Fetching {
    static let option = "--fetch"

    /// Downloads everything in a process that is measured, with lines made of it or not.
    static func measure(_ reference: Reference, _ lab: Lab, lines: Bool) async throws -> Sample {
        let word = lines ? "lines" : "bytes"
        let command = [Programs.own, option, reference.urls, lab.certificate.file, word]
        return try await Stopwatch.measure(command, folder: lab.folder)
    }

    /// The measured process: a file of URLs, the authority, and what to make of the answers.
    static func run(_ arguments: ArraySlice<String>) async -> Int32 {
        guard arguments.count == 3, let file = arguments.first, let last = arguments.last else { return 2 }
        let makesLines = last == "lines"
        let urls = Files.text(file).split(separator: "\n")
            .filter { $0.hasPrefix("url = \"") }.map { String($0.dropFirst(7).dropLast()) }
        let client = Client(Options(caFile: arguments[arguments.startIndex + 1]))
        let events = await withTaskGroup(of: Int?.self) { group in
            var sum = 0
            for (index, url) in urls.enumerated() {
                if index >= 32, let count = await group.next() { sum += count ?? 0 }
                group.addTask {
                    guard let response = try? await client.send(Request(url: url)), response.status == 200
                    else { return nil }
                    return makesLines ? Self.events(in: response.body) : 1
                }
            }
            for await count in group { sum += count ?? 0 }
            return sum
        }
        print("\(events)")
        await client.stop()
        return events > 0 ? 0 : 1
    }

    private static func events(in body: [UInt8]) -> Int? {
        guard let split = try? Scanner.split(body, picking: ScannerSpeed.fields) else { return nil }
        var builder = BatchBuilder(ScannerSpeed.envelope, collected: Timestamp(seconds: 1_700_000_000))
        _ = builder.append(body, split, key: [0, 1, 2], time: 3)
        return builder.entries.count
    }
}
