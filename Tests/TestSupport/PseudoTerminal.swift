// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A terminal of our own: what a person would see and type is on `master`.
package final class PseudoTerminal: Sendable {
    package let master: Int32
    package let slave: Int32
    /// The terminal's own file, by which another process opens it.
    package let path: String

    /// Opens one of 80 columns; `nil` where the system has none left.
    package init?() {
        // TIOCSPTLCK and TIOCGPTN by number: Swift sees neither them nor the functions around them.
        master = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        var locked: Int32 = 0
        var number: UInt32 = 0
        guard master >= 0, ioctl(master, 0x4004_5431, &locked) == 0, ioctl(master, 0x8004_5430, &number) == 0
        else { return nil }
        path = "/dev/pts/\(number)"
        slave = open(path, O_RDWR | O_NOCTTY)
        guard slave >= 0 else { return nil }
        var size = winsize(ws_row: 40, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(master, UInt(TIOCSWINSZ), &size)
        // Only ours to read and write, in no process that is started meanwhile.
        for file in [master, slave] { _ = fcntl(file, F_SETFD, FD_CLOEXEC) }
    }

    deinit {
        close(master)
        close(slave)
    }

    /// Types `text` as it stands.
    package func type(_ text: String) {
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
    }

    /// Reads what is shown until it ends with `text`; by bytes, since CR LF is one character to a `String`.
    package func see(_ text: String) -> String {
        var seen: [UInt8] = []
        while !seen.reversed().starts(with: text.utf8.reversed()) {
            var byte: UInt8 = 0
            guard read(master, &byte, 1) == 1 else { break }
            seen.append(byte)
        }
        return String(decoding: seen, as: UTF8.self)
    }

    /// Whether the terminal shows what is typed.
    package var echoes: Bool {
        var settings = termios()
        return tcgetattr(slave, &settings) == 0 && settings.c_lflag & tcflag_t(ECHO) != 0
    }
}
