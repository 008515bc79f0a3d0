// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import TestSupport
import Testing

/// Holds what a home has stored against what the cloud holds.
struct Books {
    let lab: Lab

    /// The bytes of every event that the customer's tenant holds, each once.
    func due(_ customer: String) async throws -> Set<[UInt8]> {
        let tenant = try #require(lab.scenario.customers.first { $0.id == customer }?.tenant)
        var events: Set<[UInt8]> = []
        for type in ContentType.allCases {
            for event in await lab.cloud.events(tenant: tenant, type: type) { events.insert(event.bytes) }
        }
        return events
    }

    /// The bytes of every stored event below a folder of the home, in no order.
    func stored(in folder: String) -> [[UInt8]] {
        lab.tool.folder.files(below: "home/" + folder).flatMap { name in
            events(lab.tool.folder.read(name) ?? [])
        }
    }

    /// The events of lines: what stands between `"event":` and the line's last brace.
    private func events(_ bytes: [UInt8]) -> [[UInt8]] {
        let name = Array(#","event":"#.utf8)
        return bytes.split(separator: 0x0A).compactMap { line in
            line.firstRange(of: name).map { Array(line[$0.upperBound..<(line.endIndex - 1)]) }
        }
    }

    /// Expects every due event exactly once in `folder`.
    func expectBalance(_ folder: String, _ due: Set<[UInt8]>, _ when: String) {
        let stored = stored(in: folder)
        let distinct = Set(stored)
        // Counted first: a failure would print every byte of a set.
        let (doubled, lost) = (stored.count - distinct.count, due.subtracting(distinct).count)
        let foreign = distinct.subtracting(due).count
        #expect(doubled == 0, "\(folder) doubled \(doubled) events \(when)")
        #expect(lost == 0, "\(folder) lost \(lost) of \(due.count) events \(when)")
        #expect(foreign == 0, "\(folder) holds \(foreign) events that nobody sent \(when)")
    }
}

/// Reads along the files of an archive, as log shippers do, and notes when one is cut or replaced.
actor Tailer {
    private let folder: TemporaryFolder
    private let below: String
    private var read: [String: [UInt8]] = [:]
    private(set) var complaints: [String] = []

    init(_ folder: TemporaryFolder, below: String) {
        self.folder = folder
        self.below = below
    }

    func follow() async {
        while !Task.isCancelled {
            look()
            try? await Task.sleep(for: .milliseconds(10))
        }
        look()
    }

    /// Compares what was read along with what stands there now.
    func look() {
        for name in folder.files(below: below) where name.hasSuffix(".ndjson") {
            let now = folder.read(name) ?? []
            let known = read[name] ?? []
            if now.count < known.count {
                complaints.append("\(name) was cut from \(known.count) to \(now.count) bytes")
            } else if !now.starts(with: known) {
                complaints.append("\(name) was written anew")
            }
            read[name] = now
        }
    }
}
