// SPDX-License-Identifier: Apache-2.0

/// The members of a JSON object in the order in which they were written, each name once.
package struct Object: Sendable, Sequence, ExpressibleByDictionaryLiteral {
    /// A member: its name and value.
    package typealias Element = (key: String, value: Value)

    /// The members in their order.
    package private(set) var members: [Element] = []
    /// Places by name, kept only where looking through the members would be slow.
    private var places: [String: Int]?
    private static let fewMembers = 12

    /// An object without members.
    package init() {}

    /// Takes `members` in order; of members with equal names the last value wins.
    package init(_ members: [(String, Value)]) {
        self.members.reserveCapacity(members.count)
        for (key, value) in members { self[key] = value }
    }

    /// The members of a literal, in its order.
    package init(dictionaryLiteral elements: (String, Value)...) { self.init(elements) }

    /// How many members there are.
    package var count: Int { members.count }
    package var isEmpty: Bool { members.isEmpty }
    /// The names in their order.
    package var keys: [String] { members.map(\.key) }

    /// The value of the member called `key`; setting `nil` removes it, setting a new one appends it.
    package subscript(key: String) -> Value? {
        get { place(of: key).map { members[$0].value } }
        set {
            switch (place(of: key), newValue) {
            case (let place?, let value?): members[place].value = value
            case (let place?, nil):
                members.remove(at: place)
                places = nil
                index()
            case (nil, let value?):
                places?[key] = members.count
                members.append((key, value))
                index()
            case (nil, nil): break
            }
        }
    }

    package func makeIterator() -> IndexingIterator<[Element]> { members.makeIterator() }

    private func place(of key: String) -> Int? {
        if let places { return places[key] }
        return members.firstIndex { $0.key == key }
    }

    private mutating func index() {
        guard places == nil, members.count > Self.fewMembers else { return }
        places = Dictionary(members.enumerated().map { ($1.key, $0) }) { $1 }
    }
}

extension Object: Equatable {
    /// Equal members make equal objects, whatever their order.
    package static func == (left: Object, right: Object) -> Bool {
        left.count == right.count && left.members.allSatisfy { right[$0.key] == $0.value }
    }
}
