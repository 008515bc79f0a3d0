// SPDX-License-Identifier: Apache-2.0
package import Status

/// One line of a chunk of the journal, by its places in the chunk.
package struct JournalLine: Sendable, Equatable {
    /// The line with its newline.
    package var whole: Range<Int>
    /// The event's bytes as they were received.
    package var event: Range<Int>
}

/// Lines that follow one another and belong to one stream and one collection day.
package struct JournalRun: Sendable, Equatable {
    package var stream: StreamKey
    /// The UTC day of `collected`, as `YYYY-MM-DD`.
    package var day: String
    /// Which of the chunk's lines they are; there is at least one.
    package var lines: Range<Int>
    /// Their bytes in the chunk, newlines included.
    package var bytes: Range<Int>
}
