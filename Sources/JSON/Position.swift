// SPDX-License-Identifier: Apache-2.0

/// A place in a text as editors count it.
package struct Position: Sendable, Hashable, CustomStringConvertible {
    /// The line, the first being 1.
    package let line: Int
    /// The character of the line, the first being 1.
    package let column: Int
    /// The byte of the text, the first being 0.
    package let offset: Int

    /// A place that has been counted already.
    package init(line: Int, column: Int, offset: Int) {
        self.line = line
        self.column = column
        self.offset = offset
    }

    /// The place of byte `offset` in `bytes`.
    package init(offset: Int, in bytes: some Collection<UInt8>) {
        var line = 1
        var column = 1
        for byte in bytes.prefix(offset) {
            if byte == 0x0A {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                // Continuation bytes belong to the character before them.
                column += 1
            }
        }
        self.init(line: line, column: column, offset: offset)
    }

    package var description: String { "line \(line), column \(column)" }
}
