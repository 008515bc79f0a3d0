// SPDX-License-Identifier: Apache-2.0
import Glibc

/// One file of the archive while lines go into it.
struct ArchiveFile {
    /// Where it lies, below the archive's folder.
    let path: String
    /// How much of it is right: recorded in the ledger, or written since.
    var length: Int64
    /// How far bytes stand in it; beyond `length` they are what a delivery left that did not come to its commit.
    var standing: Int64
    /// Closed and opened again where there are many.
    var descriptor: Int32?
    /// Whether it lies on another file system than the archive's folder.
    var isElsewhere: Bool

    /// Puts `bytes` where the file rightly ends.
    ///
    /// Bytes that stand there already and equal what is due are left alone, for those who read along have seen them;
    /// `rewrites` puts them there once more, as after a sync that failed. Zeros, which a line never holds, are what a
    /// power cut leaves of pages that did not reach the disk, and are filled in. Anything else is not of our making.
    mutating func put(
        _ bytes: UnsafeRawBufferPointer,
        rewrites: Bool,
        _ scratch: UnsafeMutableRawBufferPointer
    )
        throws
    {
        var rest = bytes
        while !rest.isEmpty, standing > length {
            let count = min(rest.count, Int(standing - length), scratch.count)
            let due = UnsafeRawBufferPointer(rebasing: rest[..<count])
            let found = UnsafeMutableRawBufferPointer(rebasing: scratch[..<count])
            try read(into: found)
            if !Self.areEqual(found, due) {
                guard zip(found, due).allSatisfy({ $0 == $1 || $0 == 0 }) else { throw OddFile(path: path) }
                try write(due)
            } else if rewrites {
                try write(due)
            }
            length += Int64(count)
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
        guard !rest.isEmpty else { return }
        try write(rest)
        length += Int64(rest.count)
        standing = max(standing, length)
    }

    private static func areEqual(_ one: UnsafeMutableRawBufferPointer, _ other: UnsafeRawBufferPointer)
        -> Bool
    {
        guard one.count == other.count, let left = one.baseAddress, let right = other.baseAddress else {
            return false
        }
        return memcmp(left, right, one.count) == 0
    }

    private func read(into buffer: UnsafeMutableRawBufferPointer) throws {
        var done = 0
        while done < buffer.count {
            let count = pread(
                descriptor ?? -1,
                buffer.baseAddress?.advanced(by: done),
                buffer.count - done,
                off_t(length) + done
            )
            if count < 0 {
                if errno == EINTR { continue }
                throw DeliveryFailure.of(path, "read", errno)
            }
            // Somebody has cut it while we were at it.
            if count == 0 { throw OddFile(path: path) }
            done += count
        }
    }

    private func write(_ bytes: UnsafeRawBufferPointer) throws {
        var done = 0
        while done < bytes.count {
            let count = pwrite(
                descriptor ?? -1,
                bytes.baseAddress?.advanced(by: done),
                bytes.count - done,
                off_t(length) + done
            )
            if count < 0 {
                if errno == EINTR { continue }
                throw DeliveryFailure.of(path, "written", errno)
            }
            done += count
        }
    }
}

/// A file that does not hold what the ledger says: it is put aside and begun anew.
struct OddFile: Error {
    let path: String
}
