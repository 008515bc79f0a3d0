// SPDX-License-Identifier: Apache-2.0
import Connectors
import JSON
import Store

/// The fields that are picked from every record of a stream, and what each is for.
struct RecordFields: Sendable {
    /// Picks nothing, where the elements are not the records.
    static let nothing = RecordFields()

    let fields: [FieldPath]
    /// How many of the fields are the stream's own; those that its watches read follow, then the selection's.
    let own: Int
    let time: Int?
    let format: BatchBuilder.TimeFormat
    private let key: [Int]
    private let selection: RecordSelection?
    /// Where the fields that the selection's conditions read stand among ``fields``.
    private let places: [String: Int]

    private init() {
        (fields, own, time, format) = ([], 0, nil, .iso)
        (key, selection, places) = ([], nil, [:])
    }

    /// Picks what tells the records of a stream apart, and what its watches and the connection's selection read.
    init(_ context: StreamContext) {
        self.init(
            picking: context.stream.key,
            of: context.stream,
            watched: context.watches?.columns.fields ?? [],
            selection: context.selection
        )
    }

    /// Picks `names` and, behind them, the event's time.
    init(picking names: [FieldPath], of stream: StreamDefinition) {
        self.init(picking: names, of: stream, watched: [], selection: nil)
    }

    private init(
        picking names: [FieldPath],
        of stream: StreamDefinition,
        watched: [FieldPath],
        selection: RecordSelection?
    ) {
        let named = names + (stream.eventTime.map { [$0] } ?? [])
        let read = selection?.names ?? []
        own = named.count
        fields = named + watched + read.map { [$0] }
        places = Dictionary(uniqueKeysWithValues: zip(read, (named.count + watched.count)...))
        key = Array(names.indices)
        time = stream.eventTime.map { _ in names.count }
        format = Self.format(of: stream)
        self.selection = selection
    }

    /// How the stream's events write their time.
    static func format(of stream: StreamDefinition) -> BatchBuilder.TimeFormat {
        switch stream.timeFormat {
        case .iso: .iso
        case .epoch: .epoch
        case .epochMillis: .epochMillis
        }
    }

    /// Puts the elements of a split body into `builder` as far as the connection wants them, and gives back those that
    /// cannot be lines.
    func take(_ body: [UInt8], _ split: Split, into builder: inout BatchBuilder) -> [BatchBuilder.Refused] {
        guard let selection else {
            return builder.append(body, split, key: key, time: time, format: format)
        }
        return builder.append(
            body,
            split,
            key: key,
            time: time,
            format: format,
            include: { selection.keeps(ScannedRecord(body, split, $0, places: places)) },
            redact: { Scanner.occurrences(of: selection.redact, in: split.range($0), of: body) }
        )
    }
}

extension RecordSelection {
    /// The parts to be blackened of a record that stands alone; `nil` where it is left out.
    func secrets(in event: [UInt8]) -> [Range<Int>]? {
        let read = names
        guard let split = try? Scanner.pick(read.map { FieldPath([$0]) }, of: event) else { return [] }
        let places = Dictionary(uniqueKeysWithValues: zip(read, 0...))
        guard keeps(ScannedRecord(event, split, 0, places: places)) else { return nil }
        return Scanner.occurrences(of: redact, in: 0..<event.count, of: event)
    }
}
