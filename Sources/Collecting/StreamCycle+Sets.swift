// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Status
import Store

extension StreamCycle {
    /// Reads the whole set and makes records of what has changed since the last whole one.
    mutating func compare(_ snapshot: Cursor.Snapshot) async throws {
        try await begin()
        let mark = try await watermark()
        hasAsked = true
        let run = SnapshotRun(context: context, snapshot: snapshot, row: mark, purse: purse)
        let result: SnapshotRun.Result
        do {
            result = try await run.run()
        } catch let setback as Setback {
            try await failed(Span(mark, max(context.now, mark)), .live, setback)
            throw setback
        }
        note(result.committed)
        end.listedAnything = end.listedAnything || result.listed > 0
        try await close(from: mark, to: result.date, counts: Counts(listed: result.listed))
        try await regained()
    }
}
