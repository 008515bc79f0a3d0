// SPDX-License-Identifier: Apache-2.0

/// The text of one record type with places that each record fills.
struct EventTemplate: Sendable {
    /// A place to fill.
    enum Slot: String, Sendable, CaseIterable {
        case id, guid, time, tenant, domain, user, operation, ip, digits, hex, fill
    }

    /// What stands before, between and behind the slots: one more than there are slots.
    let segments: [[UInt8]]
    let slots: [Slot]
    /// The bytes of the segments and of the slots whose length never changes.
    let fixedLength: Int
    let domains: Int
    let users: Int
    let operationSlots: Int
    let addresses: Int
    /// The operations with their weights.
    let operations: [(name: [UInt8], weight: Int)]
    let allWeights: Int

    /// Reads the joined parts, in which `«name»` is a slot.
    init(_ parts: String..., operations: [(String, Int)]) {
        var segments: [[UInt8]] = []
        var slots: [Slot] = []
        var rest = Substring(parts.joined())
        while let open = rest.firstIndex(of: "«"), let close = rest[open...].firstIndex(of: "»") {
            segments.append(Array(rest[..<open].utf8))
            let name = String(rest[rest.index(after: open)..<close])
            // A slot that is misspelt shows as filler; the tests look for every member.
            slots.append(Slot(rawValue: name) ?? .fill)
            rest = rest[rest.index(after: close)...]
        }
        segments.append(Array(rest.utf8))
        self.segments = segments
        self.slots = slots
        let lengths: [Slot: Int] = [.id: 36, .guid: 36, .tenant: 36, .time: 19, .digits: 16, .hex: 32]
        fixedLength = segments.reduce(0) { $0 + $1.count } + slots.reduce(0) { $0 + (lengths[$1] ?? 0) }
        domains = slots.count { $0 == .domain }
        users = slots.count { $0 == .user }
        operationSlots = slots.count { $0 == .operation }
        addresses = slots.count { $0 == .ip }
        self.operations = operations.map { (Array($0.0.utf8), $0.1) }
        allWeights = operations.reduce(0) { $0 + $1.1 }
    }

    /// An operation at random, by the weights.
    func operation(_ random: inout SeededRandom) -> [UInt8] {
        var left = random.below(allWeights)
        for (name, weight) in operations {
            if left < weight { return name }
            left -= weight
        }
        return operations.last?.name ?? []
    }
}
