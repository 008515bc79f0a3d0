// SPDX-License-Identifier: Apache-2.0
import Glibc

/// The three calls by which the journal changes a file, as a seam where tests let them fail.
///
/// Each returns zero, or the system's error number.
package protocol Disk: Sendable {
    /// Writes all of `bytes` at `offset`.
    func write(_ bytes: UnsafeRawBufferPointer, to file: Int32, at offset: Int64) -> Int32
    /// Makes what was written, and the file's length, survive a power cut.
    func sync(_ file: Int32) -> Int32
    /// Cuts the file to `length`.
    func cut(_ file: Int32, to length: Int64) -> Int32
}

/// The machine's own disk.
package struct SystemDisk: Disk {
    /// The one there is.
    package init() {}

    /// Writes all of `bytes` at `offset`.
    package func write(_ bytes: UnsafeRawBufferPointer, to file: Int32, at offset: Int64) -> Int32 {
        Files.write(bytes, to: file, at: offset)
    }

    /// Syncs the file's bytes and length.
    package func sync(_ file: Int32) -> Int32 {
        while fdatasync(file) != 0 {
            guard errno == EINTR else { return errno }
        }
        return 0
    }

    /// Cuts the file to `length`.
    package func cut(_ file: Int32, to length: Int64) -> Int32 {
        while ftruncate(file, off_t(length)) != 0 {
            guard errno == EINTR else { return errno }
        }
        return 0
    }
}
