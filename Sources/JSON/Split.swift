// SPDX-License-Identifier: Apache-2.0

/// Where the elements of a body and their picked fields lie, in flat arrays without an allocation an element.
package struct Split: Sendable {
    /// Why one element cannot be taken although its siblings can.
    package enum Defect: String, Sendable, CaseIterable {
        case invalidUTF8 = "invalid-utf8"
        case controlCharacter = "control-character"
        case badEscape = "bad-escape"
        case notAnObject = "not-an-object"
    }

    /// Where something lies in the body.
    struct Place {
        static let nowhere = Place(0, 0)

        let start: UInt32
        let end: UInt32

        @inline(__always)
        init(_ start: Int, _ end: Int) {
            self.start = UInt32(truncatingIfNeeded: start)
            self.end = UInt32(truncatingIfNeeded: end)
        }

        var range: Range<Int> { Int(start)..<Int(end) }
    }

    /// Bits that the walk sets on an element.
    enum Mark {
        static let invalidUTF8: UInt8 = 1
        static let controlCharacter: UInt8 = 2
        static let badEscape: UInt8 = 4
        static let notAnObject: UInt8 = 8
        static let newline: UInt8 = 16
        static let defects: UInt8 = 15
    }

    /// How many fields were asked for.
    package let fieldCount: Int
    var bounds: [Place] = []
    var fields: [Place] = []
    var marks: [UInt8] = []

    init(fieldCount: Int) { self.fieldCount = fieldCount }

    /// How many elements there are, those with a defect included.
    package var count: Int { marks.count }

    /// Where element `element` lies in the body.
    package func range(_ element: Int) -> Range<Int> {
        bounds[element].range
    }

    /// Where the value of field `field` of `element` lies, quotes included; of duplicate members, the last.
    package func field(_ field: Int, of element: Int) -> Range<Int>? {
        let place = fields[element * fieldCount + field]
        return place.end == 0 ? nil : place.range
    }

    /// What is wrong with `element`, if anything.
    package func defect(_ element: Int) -> Defect? {
        let mark = marks[element] & Mark.defects
        guard mark != 0 else { return nil }
        return switch mark {
        case _ where mark & Mark.invalidUTF8 != 0: .invalidUTF8
        case _ where mark & Mark.controlCharacter != 0: .controlCharacter
        case _ where mark & Mark.badEscape != 0: .badEscape
        default: .notAnObject
        }
    }

    /// Whether newlines stand between the tokens of `element`, so that it cannot be a journal line as it is.
    package func hasNewlines(_ element: Int) -> Bool { marks[element] & Mark.newline != 0 }

    /// Whether every element can be taken.
    package var isFlawless: Bool { marks.allSatisfy { $0 & Mark.defects == 0 } }

    mutating func removeAll() {
        bounds.removeAll(keepingCapacity: true)
        fields.removeAll(keepingCapacity: true)
        marks.removeAll(keepingCapacity: true)
    }
}
