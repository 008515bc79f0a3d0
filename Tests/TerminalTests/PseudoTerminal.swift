// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A terminal of our own: what a person would see and type is on `master`.
final class PseudoTerminal: Sendable {
    let master: Int32
    let slave: Int32

    init?() {
        // TIOCSPTLCK and TIOCGPTN by number: Swift sees neither them nor the functions around them.
        master = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        var locked: Int32 = 0
        var number: UInt32 = 0
        guard master >= 0, ioctl(master, 0x4004_5431, &locked) == 0, ioctl(master, 0x8004_5430, &number) == 0
        else { return nil }
        slave = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
        guard slave >= 0 else { return nil }
    }

    deinit {
        close(master)
        close(slave)
    }

    func type(_ text: String) {
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
    }

    /// Reads what is shown until it ends with `text`; by bytes, since CR LF is one character to a `String`.
    func see(_ text: String) -> String {
        var seen: [UInt8] = []
        while !seen.reversed().starts(with: text.utf8.reversed()) {
            var byte: UInt8 = 0
            guard read(master, &byte, 1) == 1 else { break }
            seen.append(byte)
        }
        return String(decoding: seen, as: UTF8.self)
    }

    /// Whether the terminal shows what is typed.
    var echoes: Bool {
        var settings = termios()
        return tcgetattr(slave, &settings) == 0 && settings.c_lflag & tcflag_t(ECHO) != 0
    }
}
