// SPDX-License-Identifier: Apache-2.0
import Glibc
// Which of the two modules owns `struct stat` depends on what the compiler happened to load first: name both.
import SwiftOverlayShims

/// What the file system tells of a file, a folder or whatever else has a name; read here for every room.
package struct FileFacts: Equatable, Sendable {
    /// What kind of thing it is, as far as anybody asks.
    package enum Kind: Sendable { case file, folder, other }

    /// What it is.
    package let kind: Kind
    /// Its length in bytes.
    package let size: Int64
    /// Permission bits, such as 0o600.
    package let mode: UInt32
    /// Its number on its device; a replaced file has another.
    package let inode: UInt64
    /// The file system it is on.
    package let device: UInt64
    /// When its bytes were last written.
    package let modified: Timestamp

    /// Asks for what stands at `path`, links followed unless told otherwise; `nil` where there is nothing to be seen.
    package init?(_ path: String, followingLinks: Bool = true) {
        var status = stat()
        guard (followingLinks ? stat(path, &status) : lstat(path, &status)) == 0 else { return nil }
        self.init(status)
    }

    /// Asks for an open file; `nil` with `errno` set where the descriptor is none.
    package init?(descriptor: Int32) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        self.init(status)
    }

    private init(_ status: stat) {
        kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .folder
            default: .other
            }
        size = Int64(status.st_size)
        mode = UInt32(status.st_mode) & 0o7777
        inode = UInt64(status.st_ino)
        device = UInt64(status.st_dev)
        modified = Timestamp(
            nanoseconds: Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
        )
    }
}
