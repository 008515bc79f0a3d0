// SPDX-License-Identifier: Apache-2.0
package import Basics
package import Status

/// One thing that a batch moves beside its records, in the same transaction and for the batch's own stream.
package enum Effect: Sendable, Equatable {
    /// Remembers an item by its content id, so that it is not fetched again.
    case remember(item: String, availability: Timestamp)
    /// Makes or changes the coverage row with this start and `relisted`; its counts are *added* to those there.
    case coverage(CoverageRow)
    /// Adds to the counts of the row that holds `from`.
    case count(from: Timestamp, relisted: Bool = false, Counts)
    /// Takes away the row that begins at `from`, such as a window of which nothing could be settled.
    case removeCoverage(from: Timestamp, relisted: Bool = false)
    /// Replaces the stream's facts.
    case facts(StreamFacts)
    /// Opens a gap, or changes the open one over the same span or item.
    case openGap(Gap)
    /// Changes a gap by its id: recovered, lost, tried again.
    case updateGap(Gap)
    /// Parks an item; its gap is opened by ``openGap(_:)`` beside it.
    case park(ParkedItem)
    /// Takes an item from the parked ones and closes its open gap: recovered then, or lost.
    case resolve(item: String, recovered: Timestamp?)
    /// Notes when a step that changes something at the source was begun; committed before its request goes out.
    case begin(step: String, scope: StepScope, at: Timestamp)
    /// Replaces the connection's facts.
    case connection(ConnectionFacts)
    /// Makes or changes members of the stream's stored set.
    case members([SetMember])
    /// Moves a cursor of the stream by name; `nil` forgets it.
    case cursor(name: String, value: String?)
    /// Holds a record of another stream for a derived one; one with its key and version there before gives way.
    case hold(HeldRecord)
    /// Notes that a held record, by its number, has found its other half.
    case match(held: Int64)
    /// Lets held records go that were collected before an instant.
    case letGo(before: Timestamp)
    /// Raises, goes on with or closes the issue of a watch.
    case sighting(Sighting)
}

/// Who shares the time at which a preparing step was last begun.
package enum StepScope: Sendable, Hashable {
    case stream
    case connection
    /// All connections of one registration, by its id.
    case registration(String)
}

/// One change of the set-up, made by a command or the host in a short transaction of its own.
package enum LedgerChange: Sendable, Equatable {
    case customer(Customer)
    case removeCustomer(String)
    case registration(Registration)
    case removeRegistration(String)
    /// Moves the credentials of a registration, by its id.
    case credential(String, CredentialMove)
    case connection(Connection)
    /// Takes a connection off with its facts, coverage and parked items; its keys, gaps and history stay.
    case removeConnection(ConnectionKey)
    /// Pauses or excludes a stream, or lets it go on.
    case hold(StreamKey, Hold?)
    /// Asks for history of a stream from an instant on; one asked for before that reaches further back stays.
    case history(StreamKey, from: Timestamp)
    /// What was seen in the list of plans of a connection's tenant.
    case plans(ConnectionKey, HeldPlans)
    /// Anything a batch may move, for a stream that moves without records.
    case stream(StreamKey, Effect)
    /// Pins what a person agreed to of a definition, in the place of what they agreed to before.
    case trust(Trust)
    /// Keeps where a flow stands, in the place of what was kept of it before.
    case flow(FlowRecord)
    /// Forgets a flow that is over or was given up.
    case removeFlow(String)
    /// Lets a connection go on with another version of its definition, and writes that into its history.
    case carry(CarriedConnection)
    /// Has the host look at a stream at once, whatever it was told to wait for.
    case wake(StreamKey)
    /// Lets an issue stand for a while.
    case ack(Ack)
    /// The host's sign of life.
    case tick(HostFacts)
    /// The state the host gave a stream, and the change if it is one.
    case state(StreamKey, Standing, StateChange?)
    /// Moves a destination's cursor together with the lengths of the files it has written.
    case delivered(Delivery)
    /// Takes files of a destination off that do not stand any more.
    case forgetFiles(destination: String, paths: [String])
}

/// A destination's progress over the journal.
package struct Delivery: Sendable, Equatable {
    package var destination: String
    package var cursor: JournalPosition
    /// The files that were written, with their lengths, by path below the destination's folder.
    package var files: [String: Int64]

    /// Puts it together from its parts.
    package init(destination: String, cursor: JournalPosition, files: [String: Int64] = [:]) {
        self.destination = destination
        self.cursor = cursor
        self.files = files
    }
}
