// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import JSON
import Store

/// A join made ready: which members it reads, and what it makes of a record.
struct JoinPlan: Sendable {
    let join: Join
    let columns: EventColumns
    private let left: EventTest
    private let right: EventTest
    /// The members that the condition on a pair reads of each half.
    private let leftMembers: [String]
    private let rightMembers: [String]

    init(_ join: Join) {
        self.join = join
        columns = EventColumns(
            [join.left.where, join.right.where],
            [join.left.key, join.right.key, join.right.latestBy] + join.right.keys
        )
        left = EventTest(join.left.where, columns)
        right = EventTest(join.right.where, columns)
        leftMembers = Self.members(of: join.left.name, in: join.emitWhen)
        rightMembers = Self.members(of: join.right.name, in: join.emitWhen)
    }

    private static func members(of name: String, in condition: Predicate?) -> [String] {
        Set((condition?.paths ?? []).filter { $0.name == name }.compactMap(\.members.first)).sorted()
    }

    /// A record as a condition on the pair sees it: only the members that it reads.
    private static func value(_ event: [UInt8], _ members: [String]) -> Value {
        guard let split = try? Scanner.pick(members.map { FieldPath([$0]) }, of: event) else { return .null }
        let known = members.enumerated().compactMap { column, name -> (String, Value)? in
            split.field(column, of: 0).flatMap { Scanner.value($0, in: event) }.map { (name, $0) }
        }
        return .object(Object(known))
    }

    /// What became of one record.
    enum Arrival: Sendable {
        /// A half that can be paired.
        case half(HeldRecord)
        /// One of the halves by its fields, but without what a pair is found by.
        case keyless
    }

    /// The halves that a record is; mostly none.
    func halves(_ event: ScannedEvent, bytes: () -> [UInt8], collected: () -> Timestamp) -> [Arrival] {
        var halves: [Arrival] = []
        if left.holds(for: event) {
            halves.append(
                text(join.left.key, event).map { key in
                    .half(
                        HeldRecord(side: .left, key: key, refs: [key], collected: collected(), event: bytes())
                    )
                } ?? .keyless
            )
        }
        if right.holds(for: event) { halves += move(event, bytes, collected) }
        return halves
    }

    private func move(_ event: ScannedEvent, _ bytes: () -> [UInt8], _ collected: () -> Timestamp)
        -> [Arrival]
    {
        var refs: [String] = []
        for expression in join.right.keys {
            for value in expression.values(in: event) {
                for text in (value.arrayValue ?? [value]).compactMap(\.keyText) where !refs.contains(text) {
                    refs.append(text)
                }
            }
        }
        guard let key = text(join.right.key, event), let version = text(join.right.latestBy, event),
            !refs.isEmpty
        else { return [.keyless] }
        let bytes = bytes()
        if join.isDecidedByRight, let condition = join.emitWhen {
            let names = Names([join.right.name: Self.value(bytes, rightMembers)])
            guard condition.holds(in: names) else { return [] }
        }
        return [
            .half(
                HeldRecord(
                    side: .right,
                    key: key,
                    version: version,
                    refs: refs,
                    collected: collected(),
                    event: bytes
                )
            )
        ]
    }

    private func text(_ expression: Expression, _ event: ScannedEvent) -> String? {
        expression.values(in: event).lazy.compactMap(\.keyText).first
    }

    /// Whether a pair is to be said: what the definition asks of the two together.
    func isDue(_ left: HeldRecord, _ right: HeldRecord) -> Bool {
        guard let condition = join.emitWhen, !join.isDecidedByRight else { return true }
        return condition.holds(
            in: Names([
                join.left.name: Self.value(left.event, leftMembers),
                join.right.name: Self.value(right.event, rightMembers),
            ])
        )
    }

    /// The joined event: both records byte for byte, each under its name.
    func event(_ left: HeldRecord, _ right: HeldRecord) -> [UInt8] {
        var event: [UInt8] = []
        event.reserveCapacity(left.event.count + right.event.count + 64)
        event.append(contentsOf: "{\(Value.string(join.left.name).text()):".utf8)
        event.append(contentsOf: left.event)
        event.append(contentsOf: ",\(Value.string(join.right.name).text()):".utf8)
        event.append(contentsOf: right.event)
        event.append(UInt8(ascii: "}"))
        return event
    }
}

extension Value {
    /// A text or number that can be a key; an empty one cannot.
    fileprivate var keyText: String? {
        switch self {
        case .string(let text): text.isEmpty ? nil : text
        case .number(let number): number.text
        default: nil
        }
    }
}
