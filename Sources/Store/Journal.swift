// SPDX-License-Identifier: Apache-2.0
import Basics
import Glibc

/// The append-only log in numbered segments; only the committer has one.
///
/// What lies beyond the committed end was never promised to anybody: it is cut off at the start and after a failure.
final class Journal {
    /// How large a segment grows before the next one is begun.
    static let segmentSize: Int64 = 64 << 20

    private let folder: String
    private let disk: any Disk
    private let segmentSize: Int64
    private var file: Int32 = -1
    /// Where committed records end.
    private(set) var committed: JournalPosition
    /// Where the next line goes.
    private(set) var end: JournalPosition
    /// Segments closed since the last commit.
    private(set) var closing: [ClosedSegment] = []
    /// Segments whose sync has failed: nobody knows what that did to the file, so nothing more goes into it.
    private var distrusted: Set<Int> = []

    /// Opens the journal cut back to `committed`; refuses one that is shorter.
    init(
        folder: String,
        committed: JournalPosition,
        closed: [ClosedSegment],
        disk: any Disk,
        segmentSize: Int64 = Journal.segmentSize
    ) throws(StoreFailure) {
        self.folder = folder
        self.disk = disk
        self.segmentSize = segmentSize
        self.committed = committed
        end = committed
        for segment in closed where segment.length > 0 {
            try Self.check(Self.path(segment.number, in: folder), holds: segment.length)
        }
        let path = Self.path(committed.segment, in: folder)
        if committed.offset > 0 { try Self.check(path, holds: committed.offset) }
        for number in Self.segments(in: folder) where number > committed.segment {
            Files.remove(Self.path(number, in: folder))
        }
        if Files.size(path) != nil {
            file = try Files.open(path, O_RDWR)
            if Files.size(path) != committed.offset { try cut() }
        }
    }

    deinit { if file >= 0 { close(file) } }

    static func path(_ number: Int, in folder: String) -> String {
        let digits = String(number)
        return folder + "/" + String(repeating: "0", count: max(0, 10 - digits.utf8.count)) + digits
            + ".ndjson"
    }

    /// The numbers of the segments that are there.
    static func segments(in folder: String) -> [Int] {
        Files.names(in: folder).compactMap { name in
            name.hasSuffix(".ndjson") ? Int(name.dropLast(7)) : nil
        }
        .sorted()
    }

    private static func check(_ path: String, holds length: Int64) throws(StoreFailure) {
        let found = Files.size(path) ?? 0
        guard found >= length else { throw .journalShort(path: path, needed: length, found: found) }
    }

    private var path: String { Self.path(end.segment, in: folder) }

    /// Begins the next segment where `bytes` more would make this one too large, or where its sync has failed.
    func makeRoom(for bytes: Int, now: Timestamp) {
        while distrusted.contains(end.segment) || (end.offset > 0 && end.offset + Int64(bytes) > segmentSize)
        {
            closeSegment(now: now)
        }
    }

    private func closeSegment(now: Timestamp) {
        closing.append(ClosedSegment(number: end.segment, length: end.offset, closed: now))
        if file >= 0 { close(file) }
        file = -1
        end = JournalPosition(segment: end.segment + 1, offset: 0)
    }

    /// Appends the given parts of `lines`.
    func append(_ lines: [UInt8], _ parts: [Range<Int>]) throws(StoreFailure) {
        try openIfNeeded()
        var offset = end.offset
        let code = lines.withUnsafeBytes { lines -> Int32 in
            for part in parts {
                let code = disk.write(UnsafeRawBufferPointer(rebasing: lines[part]), to: file, at: offset)
                if code != 0 { return code }
                offset += Int64(part.count)
            }
            return 0
        }
        guard code == 0 else { throw .file(path: path, operation: "written", code: code) }
        end.offset = offset
    }

    private func openIfNeeded() throws(StoreFailure) {
        guard file < 0 else { return }
        file = try Files.open(path, O_RDWR | O_CREAT)
        try Files.syncFolder(folder)
    }

    /// Syncs what was appended; after a failure the next lines go into a new segment.
    func sync() throws(StoreFailure) {
        guard file >= 0 else { return }
        let code = disk.sync(file)
        guard code == 0 else {
            distrusted.insert(end.segment)
            throw .file(path: path, operation: "synced", code: code)
        }
    }

    /// Takes what was appended as committed.
    func noteCommitted() {
        committed = end
        closing = []
    }

    /// Cuts everything off that is not committed.
    func cut() throws(StoreFailure) {
        CrashPoint.hit(.cutting)
        if end.segment != committed.segment {
            // Segments begun since the last commit hold nothing that was promised.
            if file >= 0 { close(file) }
            for number in (committed.segment + 1)...end.segment {
                Files.remove(Self.path(number, in: folder))
            }
            file = -1
            let path = Self.path(committed.segment, in: folder)
            if Files.size(path) != nil { file = try Files.open(path, O_RDWR) }
        }
        end = committed
        closing = []
        guard file >= 0 else { return }
        let code = disk.cut(file, to: committed.offset)
        guard code == 0 else { throw .file(path: path, operation: "cut", code: code) }
    }

    /// Deletes closed segments, the oldest first, and returns the last number that is gone.
    func delete(through number: Int) throws(StoreFailure) {
        for old in Self.segments(in: folder) where old <= number && old < committed.segment {
            Files.remove(Self.path(old, in: folder))
        }
        try Files.syncFolder(folder)
    }
}
