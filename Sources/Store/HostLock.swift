// SPDX-License-Identifier: Apache-2.0
package import Basics
import Glibc

/// The lock that lets one process at a time collect in a home; the system frees it when the process ends.
package final class HostLock: Sendable {
    private let file: Int32

    /// Takes the lock, or says who holds it and since when.
    package init(_ home: Home, time: any TimeSource = SystemTime()) throws(StoreFailure) {
        let file = try Files.open(home.hostLock, O_RDWR | O_CREAT)
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            close(file)
            guard code == EWOULDBLOCK else {
                throw .file(path: home.hostLock, operation: "locked", code: code)
            }
            let words = String(decoding: (try? Files.read(home.hostLock)) ?? [], as: UTF8.self)
                .split(whereSeparator: \.isWhitespace)
            throw .locked(
                pid: words.first.flatMap { Int32($0) },
                since: words.dropFirst().first.map(String.init)
            )
        }
        self.file = file
        let bytes = Array("\(getpid()) \(time.now)\n".utf8)
        guard ftruncate(file, 0) == 0, bytes.withUnsafeBytes({ Files.write($0, to: file, at: 0) }) == 0 else {
            // Who holds it is a courtesy; the lock itself stands.
            return
        }
    }

    deinit { close(file) }
}
