// SPDX-License-Identifier: Apache-2.0
import Glibc

/// What all measurements of one run share.
struct Setting: Sendable {
    /// The command that is measured.
    var headgate = Programs.beside
    /// Everything is made below this folder, which goes away at the end.
    var folder = ""
    /// How often each is measured.
    var runs = 5
    /// What is measured; everything when empty.
    var only: [String] = []

    /// Tells a person at the terminal what goes on.
    func say(_ text: String) {
        let bytes = Array((text + "\n").utf8)
        _ = bytes.withUnsafeBytes { Glibc.write(2, $0.baseAddress, $0.count) }
    }
}
