// SPDX-License-Identifier: Apache-2.0
package import Basics
package import Status

/// Where set-up, progress and history rest; small enough for a second engine to pass the same contract suite.
package protocol Ledger: Sendable {
    /// Makes all changes in one short transaction, or none of them.
    func write(_ changes: [LedgerChange]) async throws

    func customers() async throws -> [Customer]
    func registrations() async throws -> [Registration]
    func connections() async throws -> [Connection]
    /// What people agreed to of the home's own definitions and flows.
    func trusts() async throws -> [Trust]
    /// The flows that were begun and are not over, the oldest first.
    func flows() async throws -> [FlowRecord]
    func connection(_ key: ConnectionKey) async throws -> Connection?
    func connectionFacts(_ key: ConnectionKey) async throws -> ConnectionFacts

    /// What happened to a connection's set-up by itself, newest first.
    func events(of connection: ConnectionKey) async throws -> [ConnectionEvent]

    /// The facts of a stream; fresh ones where nothing is known yet.
    func facts(of stream: StreamKey) async throws -> StreamFacts
    func allFacts() async throws -> [StreamKey: StreamFacts]
    func cursor(_ name: String, of stream: StreamKey) async throws -> String?
    /// When a step was last begun in its scope.
    func begun(step: String, scope: StepScope, stream: StreamKey) async throws -> Timestamp?

    /// The stream's coverage rows that end after `since`, oldest first.
    func coverage(of stream: StreamKey, since: Timestamp?) async throws -> [CoverageRow]
    /// Merges rows that adjoin as Status allows, and says how many went.
    func mergeCoverage(now: Timestamp) async throws -> Int

    /// Gaps of a stream, a connection, a customer or all, newest last.
    func gaps(_ scope: GapScope, openOnly: Bool) async throws -> [Gap]
    func parked(of stream: StreamKey) async throws -> [ParkedItem]
    /// Which of the items have been stored already.
    func remembered(_ items: [String], of stream: StreamKey) async throws -> Set<String>

    /// Issues of a stream, a connection, a customer or all, newest last.
    func issues(_ scope: GapScope, openOnly: Bool) async throws -> [Issue]

    /// What people let stand, by the issues' ids; also what has come to its end.
    func acks() async throws -> [Ack]
    /// The streams that a person wants looked at, each told once.
    func takeWoken() async throws -> [StreamKey]

    /// What a derived stream holds of one side and refers to a key.
    func held(_ side: HeldRecord.Side, referringTo key: String, of stream: StreamKey) async throws
        -> [HeldRecord]
    /// Whether a derived stream holds a record of that side, key and version that was collected since an instant.
    func isHeld(_ record: HeldRecord, of stream: StreamKey, since: Timestamp) async throws -> Bool
    /// How many held records collected before an instant have found no other half.
    func unmatched(of stream: StreamKey, before: Timestamp) async throws -> Int
    /// Before which instant held records must go for the others to be no more than so many bytes; `nil` where none must.
    func heldLimit(of stream: StreamKey, bytes: Int) async throws -> Timestamp?

    /// The members with these keys that a stream's stored set has or had.
    func members(_ keys: [KeyDigest], of stream: StreamKey) async throws -> [KeyDigest: SetMember]
    /// At most `most` members that a stream's stored set has, by their keys, after one of them.
    func members(of stream: StreamKey, after key: KeyDigest?, most: Int) async throws -> [SetMember]

    func tick() async throws -> HostFacts?
    func states() async throws -> [StreamKey: Standing]
    /// State changes, newest first.
    func transitions(_ scope: GapScope, since: Timestamp?) async throws -> [RecordedChange]

    /// How far a destination has come; `nil` for one that has not begun.
    func delivered(_ destination: String) async throws -> JournalPosition?
    /// The lengths that a destination's files had when its cursor last moved.
    func lengths(_ destination: String, of files: [String]) async throws -> [String: Int64]
    /// The files that a destination has written, by path below its folder, in order.
    func files(_ destination: String) async throws -> [String]

    /// Whether another process has written anything since the last call.
    func changed() async throws -> Bool

    // The committer's own part.

    /// Where the journal's committed records end.
    func committedEnd() async throws -> JournalPosition
    /// The lengths of the segments before the last that still stand, by number.
    func closedSegments() async throws -> [ClosedSegment]
    /// Decides which entries of the batches are new, in order, without changing anything.
    func sift(_ batches: [Batch]) async throws -> [Sifted]
    /// Moves everything that the batches move, and the committed end, in one transaction.
    func apply(_ group: [Sifted], end: JournalEnd) async throws
    /// Forgets segments that were deleted.
    func forgetSegments(through number: Int) async throws
    /// Drops keys and remembered items of which no stream's watermark is short by eight days any more.
    func lapse() async throws
}

/// A state change with the stream it belongs to.
package struct RecordedChange: Sendable, Equatable {
    package var stream: StreamKey
    package var change: StateChange

    /// Puts it together from its parts.
    package init(stream: StreamKey, change: StateChange) {
        self.stream = stream
        self.change = change
    }
}

/// What gaps and transitions are asked for.
package enum GapScope: Sendable, Equatable {
    case all
    case customer(String)
    case connection(ConnectionKey)
    case stream(StreamKey)
}

/// A segment that is full or was given up, with the length that counts.
package struct ClosedSegment: Sendable, Equatable {
    package var number: Int
    package var length: Int64
    package var closed: Timestamp

    /// Puts it together from its parts.
    package init(number: Int, length: Int64, closed: Timestamp) {
        self.number = number
        self.length = length
        self.closed = closed
    }
}

/// The new committed end, with the segments that the way there has closed.
package struct JournalEnd: Sendable, Equatable {
    package var position: JournalPosition
    package var closed: [ClosedSegment]

    /// Puts it together from its parts.
    package init(position: JournalPosition, closed: [ClosedSegment] = []) {
        self.position = position
        self.closed = closed
    }
}

/// A batch with the decision on each of its entries.
package struct Sifted: Sendable {
    package var batch: Batch
    /// The entries to keep, as runs of their indices.
    package var kept: [Range<Int>]
    package var committed: Committed

    /// Puts it together from its parts.
    package init(batch: Batch, kept: [Range<Int>], committed: Committed) {
        self.batch = batch
        self.kept = kept
        self.committed = committed
    }
}
