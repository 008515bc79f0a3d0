// SPDX-License-Identifier: Apache-2.0
import Glibc
import TestSupport
import Testing

/// What a home holds of records, read the way a user's own tools would: as lines of files.
struct Stored: Sendable {
    /// One line, cut at the places that the documentation names.
    struct Line: Sendable {
        let customer: String
        let connection: String
        let stream: String
        let id: String
        let collected: String
        let event: [UInt8]
        let whole: [UInt8]
    }

    /// The lines of each file, by its path below the folder.
    let files: [String: [Line]]
    /// Lines that are none.
    let odd: [String]

    /// Reads every file below `folder`, which is `journal` or `archive` of the home at `home`.
    init(_ folder: String, of home: String) {
        var files: [String: [Line]] = [:]
        var odd: [String] = []
        for name in Folder.files(below: home + "/" + folder) {
            let bytes = TemporaryFolder.contents(of: "\(home)/\(folder)/\(name)") ?? []
            if let last = bytes.last, last != 0x0A { odd.append("\(name) does not end with a newline") }
            files[name] = Self.split(bytes).compactMap { text in
                guard let line = Line(text) else {
                    odd.append("\(name): \(String(decoding: text.prefix(200), as: UTF8.self))")
                    return nil
                }
                return line
            }
        }
        self.files = files
        self.odd = odd
    }

    /// All lines, file by file in the order of their names.
    var lines: [Line] { files.sorted { $0.key < $1.key }.flatMap(\.value) }

    /// Twenty megabytes are split here in unoptimised builds too, so memchr looks for the newlines.
    private static func split(_ bytes: [UInt8]) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        bytes.withUnsafeBytes { all in
            var rest = all[...]
            while !rest.isEmpty {
                let part = UnsafeRawBufferPointer(rebasing: rest)
                let end = part.baseAddress.flatMap { start in
                    memchr(start, 0x0A, part.count).map { UnsafeRawPointer($0) - start }
                }
                lines.append(Array(part[..<(end ?? part.count)]))
                rest = rest.dropFirst((end ?? part.count) + 1)
            }
        }
        return lines
    }
}

extension Stored.Line {
    /// Cuts a line; `nil` if it is not an envelope around an event.
    init?(_ text: [UInt8]) {
        guard let event = Needle(#","event":"#).place(in: text), text.last == UInt8(ascii: "}") else {
            return nil
        }
        let head = Array(text[..<event.lowerBound])
        func field(_ name: String) -> String? {
            guard let start = Needle("\"\(name)\":\"").place(in: head)?.upperBound else { return nil }
            return String(decoding: head[start...].prefix { $0 != UInt8(ascii: "\"") }, as: UTF8.self)
        }
        guard let customer = field("customer"), let connection = field("connection"),
            let stream = field("stream"), let id = field("id"), id.utf8.count == 32,
            let collected = field("collected"), !text[event.upperBound...].dropLast().isEmpty
        else { return nil }
        self.init(
            customer: customer,
            connection: connection,
            stream: stream,
            id: id,
            collected: collected,
            event: Array(text[event.upperBound...].dropLast()),
            whole: text
        )
    }
}

extension Stored {
    /// Every way in which these lines are not exactly `expected`, each event once in its stream; empty if they are.
    ///
    /// Records whose key is the same have the same id too; `areKeysUnique` says that there are none.
    func differences(from expected: [String: Set<[UInt8]>], areKeysUnique: Bool = true) -> [String] {
        var found = odd.map { "no line: \($0)" }
        var held: [String: [[UInt8]: Int]] = [:]
        var ids: [String: Int] = [:]
        for line in lines {
            held[line.stream, default: [:]][line.event, default: 0] += 1
            ids[line.id, default: 0] += 1
        }
        for (stream, events) in expected.sorted(by: { $0.key < $1.key }) {
            let there = held[stream] ?? [:]
            let missing = events.filter { there[$0] == nil }
            let foreign = there.keys.filter { !events.contains($0) }
            let doubled = there.filter { $0.value > 1 }
            if !missing.isEmpty {
                found.append("\(stream): \(missing.count) missing, such as \(text(missing.first))")
            }
            if !foreign.isEmpty {
                found.append("\(stream): \(foreign.count) foreign, such as \(text(foreign.first))")
            }
            if !doubled.isEmpty {
                found.append("\(stream): \(doubled.count) doubled, such as \(text(doubled.first?.key))")
            }
        }
        for stream in held.keys where expected[stream] == nil {
            found.append("\(stream): was not expected at all")
        }
        let again = ids.filter { $0.value > 1 }
        if areKeysUnique, !again.isEmpty {
            found.append("\(again.count) ids stand more than once, such as \(again.first?.key ?? "")")
        }
        return found
    }

    private func text(_ event: [UInt8]?) -> String {
        String(decoding: (event ?? []).prefix(160), as: UTF8.self)
    }

    /// Every way in which an archive is not what the lines of `journal` make of it.
    func differences(fromJournal journal: Stored) -> [String] {
        var due: [String: [[UInt8]]] = [:]
        for line in journal.lines {
            let name =
                "\(line.customer)/\(line.connection)/\(line.stream)/\(line.collected.prefix(10)).ndjson"
            due[name, default: []].append(line.whole)
        }
        var found = odd.map { "no line: \($0)" }
        for name in Set(due.keys).union(files.keys).sorted() {
            let there = (files[name] ?? []).map(\.whole)
            if there != due[name] ?? [] {
                found.append(
                    "\(name) holds \(there.count) lines, not the journal's \(due[name]?.count ?? 0) in order"
                )
            }
        }
        return found
    }
}

extension Estate {
    /// Expects that journal and archive hold exactly what the cloud holds, or `expected`.
    func expectAllStored(
        _ expected: [String: Set<[UInt8]>]? = nil,
        areKeysUnique: Bool = true,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async {
        let events: [String: Set<[UInt8]>]
        if let expected { events = expected } else { events = await self.expected() }
        let journal = Stored("journal", of: home)
        let archive = Stored("archive", of: home)
        #expect(
            journal.differences(from: events, areKeysUnique: areKeysUnique) == [],
            sourceLocation: sourceLocation
        )
        #expect(archive.differences(fromJournal: journal) == [], sourceLocation: sourceLocation)
    }
}
