// SPDX-License-Identifier: Apache-2.0
import Crypto
import Glibc

/// Byte strings set aside on disk, in a file without a name, until it is known what becomes of them.
///
/// Only its holder sees the file, and it goes away with it, however that ends.
package final class Spool {
    private static let portion = 1 << 18

    private let path: String
    private var file: Int32 = -1
    private var waiting: [UInt8] = []
    private var written: Int64 = 0
    private var place: Int64 = 0
    private var ahead: [UInt8] = []
    private var aheadPlace = 0

    /// An empty spool below `home`; the file is made when something is put into it.
    package init(_ home: Home) { path = home.path + "/.spool-" + Random.uuid() }

    deinit { if file >= 0 { close(file) } }

    /// Puts a byte string behind the others.
    package func append(_ bytes: [UInt8]) throws(StoreFailure) {
        withUnsafeBytes(of: UInt32(bytes.count).littleEndian) { waiting.append(contentsOf: $0) }
        waiting.append(contentsOf: bytes)
        if waiting.count >= Self.portion { try flush() }
    }

    /// The next byte string in the order in which they were put in; `nil` after the last.
    package func next() throws(StoreFailure) -> [UInt8]? {
        try flush()
        guard let head = try take(4) else { return nil }
        let count = head.reversed().reduce(0) { $0 << 8 | Int($1) }
        return try take(count)
    }

    private func flush() throws(StoreFailure) {
        guard !waiting.isEmpty else { return }
        if file < 0 {
            file = try Files.open(path, O_RDWR | O_CREAT | O_EXCL)
            unlink(path)
        }
        let code = waiting.withUnsafeBytes { Files.write($0, to: file, at: written) }
        guard code == 0 else { throw .file(path: path, operation: "written", code: code) }
        written += Int64(waiting.count)
        waiting.removeAll(keepingCapacity: true)
    }

    private func take(_ count: Int) throws(StoreFailure) -> [UInt8]? {
        while ahead.count - aheadPlace < count {
            guard place < written else { return nil }
            ahead.removeFirst(aheadPlace)
            aheadPlace = 0
            var chunk = [UInt8](repeating: 0, count: max(Self.portion, count))
            let got = pread(file, &chunk, chunk.count, off_t(place))
            if got < 0, errno == EINTR { continue }
            guard got > 0 else { throw .file(path: path, operation: "read", code: errno) }
            place += Int64(got)
            ahead.append(contentsOf: chunk[..<got])
        }
        defer { aheadPlace += count }
        return Array(ahead[aheadPlace..<aheadPlace + count])
    }
}
