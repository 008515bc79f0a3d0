// SPDX-License-Identifier: Apache-2.0

/// The keys that have not been settled yet, in a flat table that costs one miss to ask.
///
/// Open addressing by the key's own random bits; one key may stand in it several times, with other bytes or days.
struct YoungKeys {
    private struct Slot {
        var entry: KeyEntry
        var day: Int32
    }

    private static let free = Int32.min
    private static let empty = Slot(
        entry: KeyEntry(key: KeyDigest(high: 0, low: 0), content: 0, stream: 0),
        day: free
    )

    private var slots: [Slot] = []
    private(set) var count = 0

    mutating func insert(_ entries: [KeyEntry], day: Int) {
        reserve(count + entries.count)
        for entry in entries { place(Slot(entry: entry, day: Int32(day))) }
    }

    /// The digests of bytes known with `key`.
    func contents(of key: KeyDigest) -> [UInt64] {
        guard count > 0 else { return [] }
        var found: [UInt64] = []
        slots.withUnsafeBufferPointer { slots in
            var place = Int(truncatingIfNeeded: key.low) & (slots.count - 1)
            while slots[place].day != Self.free {
                if slots[place].entry.key == key { found.append(slots[place].entry.content) }
                place = (place + 1) & (slots.count - 1)
            }
        }
        return found
    }

    /// Takes the keys of one day out, sorted.
    mutating func take(_ day: Int) -> [KeyEntry] {
        let all = slots.filter { $0.day != Self.free }
        slots = []
        count = 0
        var taken: [KeyEntry] = []
        for slot in all where slot.day == day { taken.append(slot.entry) }
        reserve(all.count - taken.count)
        for slot in all where slot.day != day { place(slot) }
        taken.sort()
        return taken
    }

    /// The keys of one day, sorted.
    func entries(of day: Int) -> [KeyEntry] {
        slots.filter { $0.day == day }.map(\.entry).sorted()
    }

    /// Keeps the table at most two thirds full.
    private mutating func reserve(_ wanted: Int) {
        guard wanted * 3 > slots.count * 2 else { return }
        var size = max(4_096, slots.count)
        while wanted * 3 > size * 2 { size *= 2 }
        let old = slots
        slots = [Slot](repeating: Self.empty, count: size)
        count = 0
        for slot in old where slot.day != Self.free { place(slot) }
    }

    private mutating func place(_ slot: Slot) {
        slots.withUnsafeMutableBufferPointer { slots in
            var place = Int(truncatingIfNeeded: slot.entry.key.low) & (slots.count - 1)
            while slots[place].day != Self.free { place = (place + 1) & (slots.count - 1) }
            slots[place] = slot
        }
        count += 1
    }
}
