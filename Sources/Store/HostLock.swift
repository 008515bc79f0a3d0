// SPDX-License-Identifier: Apache-2.0
package import Basics
import Crypto
import Glibc

/// The lock that lets one process at a time collect in a home; the system frees it when the process ends.
package final class HostLock: Sendable {
    private let lock: FileLock

    /// Takes the lock, or says who holds it and since when.
    package init(_ home: Home, time: any TimeSource = SystemTime()) throws(StoreFailure) {
        lock = try FileLock(home.hostLock, time: time) { .locked(pid: $0, since: $1) }
    }

    /// Whether the process that took it last is there still; the lock itself is not touched.
    package static func isHeld(_ home: Home) -> Bool {
        let words = String(decoding: (try? Files.read(home.hostLock)) ?? [], as: UTF8.self)
        guard let pid = words.split(whereSeparator: \.isWhitespace).first.flatMap({ Int32($0) }) else {
            return false
        }
        return kill(pid, 0) == 0 || errno == EPERM
    }
}

/// The lock that lets one person at a time walk through a flow about one thing, such as a tenant.
package final class FlowLock: Sendable {
    private let lock: FileLock

    /// Takes the lock for `subject`, or says who holds it and since when.
    package init(_ home: Home, subject: String, time: any TimeSource = SystemTime()) throws(StoreFailure) {
        let name = Digest.sha256(Array(subject.utf8)).prefix(12).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        lock = try FileLock(home.flows + "/" + name.joined() + ".lock", time: time) {
            .flowHeld(subject: subject, pid: $0, since: $1)
        }
    }
}

/// A file that one process at a time holds, with the holder's number and since when written in it.
private final class FileLock: Sendable {
    private let file: Int32

    init(
        _ path: String,
        time: any TimeSource,
        held: (_ pid: Int32?, _ since: String?) -> StoreFailure
    ) throws(StoreFailure) {
        let file = try Files.open(path, O_RDWR | O_CREAT)
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            close(file)
            guard code == EWOULDBLOCK else { throw .file(path: path, operation: "locked", code: code) }
            let words = String(decoding: (try? Files.read(path)) ?? [], as: UTF8.self)
                .split(whereSeparator: \.isWhitespace)
            throw held(words.first.flatMap { Int32($0) }, words.dropFirst().first.map(String.init))
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
