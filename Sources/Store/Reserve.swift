// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Room set aside, so that on a full disk the ledger can still say that it is full.
struct Reserve: Sendable {
    private let path: String
    /// How much is set aside: 4 MiB, or an eighth of a disk that is very small.
    let size: Int64

    init(_ home: Home) {
        path = home.reserve
        var disk = statvfs()
        let total = statvfs(home.path, &disk) == 0 ? Int64(disk.f_frsize) * Int64(disk.f_blocks) : .max
        size = min(4 << 20, total / 8)
    }

    var isHeld: Bool { (Files.size(path) ?? 0) >= size }

    /// Sets the room aside; does nothing if it is already.
    func hold() throws(StoreFailure) {
        guard !isHeld else { return }
        let file = try Files.open(path, O_RDWR | O_CREAT)
        defer { close(file) }
        let code = posix_fallocate(file, 0, off_t(size))
        guard code == 0 else {
            // A part that was allocated is of no use, but would be missing elsewhere.
            ftruncate(file, 0)
            throw .file(path: path, operation: "set aside", code: code)
        }
    }

    /// Gives the room back to the disk.
    func giveUp() {
        guard let file = try? Files.open(path, O_RDWR) else { return }
        ftruncate(file, 0)
        close(file)
    }
}
