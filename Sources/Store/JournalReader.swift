// SPDX-License-Identifier: Apache-2.0
package import Basics
import Glibc

/// Reads the journal's committed lines from a cursor on, in chunks of whole lines; one owner at a time.
///
/// It knows nothing of what lies beyond the committed end. A chunk's lines and bytes stand until the next is read.
package final class JournalReader {
    /// Where the chunk that was read last ends: the cursor once its lines are dealt with.
    package private(set) var position: JournalPosition
    /// The lines of the chunk.
    package private(set) var lines: [JournalLine] = []
    /// The same lines, grouped by stream and day, in the journal's order.
    package private(set) var runs: [JournalRun] = []
    /// What the last step had to leave out, because those segments do not stand any more.
    package private(set) var skipped: Range<JournalPosition>?

    private let home: Home
    private let extent: JournalExtent
    private var parser = JournalLineParser()
    private var buffer: UnsafeMutableRawBufferPointer
    /// How much of the buffer is whole lines.
    private var filled = 0
    private var file: (number: Int, descriptor: Int32)?

    /// Starts at `cursor`, to read up to the end of `extent` in chunks of about `chunk` bytes.
    package init(home: Home, from cursor: JournalPosition, extent: JournalExtent, chunk: Int = 1 << 20) {
        self.home = home
        self.extent = extent
        position = cursor
        buffer = .allocate(byteCount: max(chunk, 1), alignment: 16)
    }

    deinit {
        if let file { close(file.descriptor) }
        buffer.deallocate()
    }

    /// Reads the next chunk; `false` when everything committed has been read.
    package func next() throws(StoreFailure) -> Bool {
        lines.removeAll(keepingCapacity: true)
        runs.removeAll(keepingCapacity: true)
        filled = 0
        skipped = nil
        while position < extent.end {
            guard let length = extent.length(of: position.segment) else {
                leaveOut()
                continue
            }
            if position.offset >= length {
                position = JournalPosition(segment: position.segment + 1, offset: 0)
                continue
            }
            guard let descriptor = try open(position.segment) else {
                leaveOut()
                continue
            }
            try fill(from: descriptor, upTo: length)
            try scan()
            position.offset += Int64(filled)
            return true
        }
        return false
    }

    /// Lends the chunk's bytes, to which the places of lines and runs refer.
    package func withBytes<Result, Failure>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeRawBufferPointer(rebasing: buffer[..<filled]))
    }

    /// When the line at `index` of the chunk was collected.
    package func collected(of index: Int) -> Timestamp? {
        Timestamp(iso8601: String(decoding: buffer[lines[index].collected], as: UTF8.self))
    }

    /// Where in the journal the line at `index` of the chunk ends.
    package func end(of index: Int) -> JournalPosition {
        JournalPosition(
            segment: position.segment,
            offset: position.offset - Int64(filled) + Int64(lines[index].whole.upperBound)
        )
    }

    /// Goes on with the oldest segment that stands after this one.
    private func leaveOut() {
        let from = skipped?.lowerBound ?? position
        let next = extent.closed.keys.filter { $0 > position.segment }.min() ?? extent.end.segment
        position = JournalPosition(segment: next, offset: 0)
        skipped = from..<position
    }

    private func path(_ number: Int) -> String { Journal.path(number, in: home.journal) }

    /// The file of segment `number`; `nil` where it was removed for its age.
    private func open(_ number: Int) throws(StoreFailure) -> Int32? {
        if let file {
            if file.number == number { return file.descriptor }
            close(file.descriptor)
            self.file = nil
        }
        do {
            let descriptor = try Files.open(path(number), O_RDONLY)
            file = (number, descriptor)
            return descriptor
        } catch {
            guard case .file(let path, _, ENOENT) = error else { throw error }
            // The last segment is never removed: its records are missing, which nobody may pass over.
            if number == extent.end.segment {
                throw .journalShort(path: path, needed: extent.end.offset, found: 0)
            }
            return nil
        }
    }

    /// Fills the buffer with whole lines, making it larger where not even one fits.
    private func fill(from descriptor: Int32, upTo length: Int64) throws(StoreFailure) {
        let path = path(position.segment)
        let due = length - position.offset
        var have = 0
        while true {
            let want = Int(min(Int64(buffer.count), due))
            let known = have
            while have < want {
                let count = pread(
                    descriptor,
                    buffer.baseAddress?.advanced(by: have),
                    want - have,
                    off_t(position.offset) + have
                )
                if count < 0 {
                    if errno == EINTR { continue }
                    throw .file(path: path, operation: "read", code: errno)
                }
                if count == 0 {
                    throw .journalShort(path: path, needed: length, found: position.offset + Int64(have))
                }
                have += count
            }
            // From the back, where a newline is never further away than one line.
            var place = have
            while place > known, buffer[place - 1] != 0x0A { place -= 1 }
            if place > known {
                filled = place
                return
            }
            guard Int64(have) < due else {
                throw .journalDamaged(path: path, offset: position.offset, reason: "its last line has no end")
            }
            grow(keeping: have)
        }
    }

    private func grow(keeping count: Int) {
        let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: buffer.count * 2, alignment: 16)
        larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        buffer.deallocate()
        buffer = larger
    }

    private func scan() throws(StoreFailure) {
        var start = 0
        while start < filled {
            let rest = UnsafeRawBufferPointer(rebasing: buffer[start..<filled])
            guard let line = parser.next(rest) else {
                throw .journalDamaged(
                    path: path(position.segment),
                    offset: position.offset + Int64(start),
                    reason: "the line there is no record"
                )
            }
            let end = start + line.length
            let event = line.event.lowerBound + start..<line.event.upperBound + start
            let collected = line.collected.lowerBound + start..<line.collected.upperBound + start
            lines.append(JournalLine(whole: start..<end, event: event, collected: collected))
            if line.changed || runs.isEmpty {
                runs.append(
                    JournalRun(
                        stream: parser.stream,
                        day: parser.day,
                        lines: lines.count - 1..<lines.count,
                        bytes: start..<end
                    )
                )
            } else {
                let last = runs.count - 1
                runs[last].lines = runs[last].lines.lowerBound..<lines.count
                runs[last].bytes = runs[last].bytes.lowerBound..<end
            }
            start = end
        }
    }
}
