// SPDX-License-Identifier: Apache-2.0
import Basics
import Glibc
import JSON
import Reporting
import Terminal

/// Standard output, for data.
///
/// `print` is buffered by blocks on a pipe and loses its tail when the process is killed, so bytes go out by write(2).
struct Output: Sendable {
    private let closed = Locked(false)

    func line(_ text: String) { text.isEmpty ? bytes([0x0A]) : bytes(Array((text + "\n").utf8)) }

    /// Writes all of `bytes`; a reader that has gone away is no fault of ours and ends the writing quietly.
    func bytes(_ bytes: [UInt8]) {
        guard !closed.withLock({ $0 }) else { return }
        if isTerminal { Named.note(String(decoding: bytes, as: UTF8.self)) }
        if !writeAll(bytes, to: STDOUT_FILENO) { closed.withLock { $0 = true } }
    }

    var isTerminal: Bool { isatty(STDOUT_FILENO) != 0 }
}

/// Standard error, for talk; secrets that were read are hidden by value.
enum Talk {
    static func say(_ sentence: String) {
        let words = Redaction.shared.redact(sentence)
        let screen = Screen(descriptor: STDERR_FILENO)
        // A file or another program gets sentences whole.
        let lines = screen.isTerminal ? fitted(words, width: screen.width) : [words]
        if screen.isTerminal { Named.note(words) }
        _ = writeAll(Array((lines.joined(separator: "\n") + "\n").utf8), to: STDERR_FILENO)
    }

    /// Lines broken between words, what was broken off set in by two; those with colour were laid out already.
    ///
    /// A command that a line ends with stands whole on the next, so that it can be copied.
    static func fitted(_ words: String, width: Int) -> [String] {
        words.split(separator: "\n", omittingEmptySubsequences: false).flatMap { line -> [String] in
            guard line.count > width, !line.contains("\u{1B}") else { return [String(line)] }
            let indent = String(line.prefix { $0 == " " })
            if let colon = line.ranges(of: ": headgate ").last,
                case let command = line[line.index(colon.lowerBound, offsetBy: 2)...], !command.contains(". ")
            {
                return fitted(String(line[...colon.lowerBound]), width: width) + ["\(indent)  \(command)"]
            }
            return Style(width: width).wrapped(
                String(line.dropFirst(indent.count)),
                indent: indent,
                hanging: "  "
            )
        }
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
