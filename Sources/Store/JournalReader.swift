// SPDX-License-Identifier: Apache-2.0

/// Reads the journal's committed lines from a cursor on, in chunks of whole lines; one owner at a time.
package final class JournalReader {
    /// Where the chunk that was read last ends: the cursor once its lines are dealt with.
    package private(set) var position: JournalPosition
    /// The lines of the chunk.
    package private(set) var lines: [JournalLine] = []
    /// The same lines, grouped by stream and day, in the journal's order.
    package private(set) var runs: [JournalRun] = []

    /// Starts at `cursor`, to read up to the end of `extent`.
    package init(home: Home, from cursor: JournalPosition, extent: JournalExtent, chunk: Int = 1 << 20) {
        position = cursor
    }

    /// Reads the next chunk; `false` when everything committed has been read.
    package func next() throws(StoreFailure) -> Bool { false }

    /// Lends the chunk's bytes, to which the places of lines and runs refer.
    package func withBytes<Result, Failure>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeRawBufferPointer(start: nil, count: 0))
    }
}
