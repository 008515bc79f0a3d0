// SPDX-License-Identifier: Apache-2.0
import Basics
import Glibc
import JSON

/// Standard output, for data.
///
/// `print` is buffered by blocks on a pipe and loses its tail when the process is killed, so bytes go out by write(2).
struct Output: Sendable {
    private let closed = Locked(false)

    func line(_ text: String) { text.isEmpty ? bytes([0x0A]) : bytes(Array((text + "\n").utf8)) }

    /// Writes all of `bytes`; a reader that has gone away is no fault of ours and ends the writing quietly.
    func bytes(_ bytes: [UInt8]) {
        guard !closed.withLock({ $0 }) else { return }
        if !writeAll(bytes, to: STDOUT_FILENO) { closed.withLock { $0 = true } }
    }

    var isTerminal: Bool { isatty(STDOUT_FILENO) != 0 }
}

/// Standard error, for talk; secrets that were read are hidden by value.
enum Talk {
    static func say(_ sentence: String) {
        _ = writeAll(Array((Redaction.shared.redact(sentence) + "\n").utf8), to: STDERR_FILENO)
    }
}

/// Whether every byte was taken.
private func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    bytes.withUnsafeBytes { buffer in
        var written = 0
        while written < buffer.count {
            let count = write(descriptor, buffer.baseAddress?.advanced(by: written), buffer.count - written)
            if count < 0 {
                if errno == EINTR { continue }
                guard errno == EAGAIN else { return false }
                var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&waiting, 1, -1)
                continue
            }
            written += count
        }
        return true
    }
}

extension Output {
    /// A JSON document for machines; ours always say which schema they follow.
    func json(_ value: Value) {
        line(value.text(pretty: true))
    }
}
