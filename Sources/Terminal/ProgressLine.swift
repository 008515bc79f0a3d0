// SPDX-License-Identifier: Apache-2.0
import Basics
import Glibc

/// One line that says what is going on, written over as it changes, and gone when it is over.
///
/// Where lines cannot be written over, nothing animates: it stays silent.
package final class ProgressLine: Sendable {
    private let descriptor: Int32
    private let screen: Screen
    private let shown = Locked("")

    /// A line on `descriptor`, laid out for `screen`.
    package init(descriptor: Int32 = STDERR_FILENO, screen: Screen? = nil) {
        self.descriptor = descriptor
        self.screen = screen ?? Screen(descriptor: descriptor)
    }

    /// Shows `text` in place of what stood there, cut to the width, which is marked.
    package func show(_ text: String) {
        guard screen.rewritesLines else { return }
        // The last column stays free: writing into it wraps on some terminals.
        let room = screen.width - 1
        let line = text.count > room ? String(text.prefix(room - 3)) + "..." : text
        shown.withLock { before in
            guard before != line else { return }
            before = line
            put("\r\u{1B}[K" + line)
        }
    }

    /// Takes the line away, so that what is printed next stands alone.
    package func clear() {
        shown.withLock { before in
            guard !before.isEmpty else { return }
            before = ""
            put("\r\u{1B}[K")
        }
    }

    private func put(_ text: String) {
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    }
}
