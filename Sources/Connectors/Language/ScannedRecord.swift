// SPDX-License-Identifier: Apache-2.0
package import JSON

/// A record of a split body as conditions see it: only the fields that they name are ever read, and only when asked.
package struct ScannedRecord: Bindings {
    private let body: [UInt8]
    private let split: Split
    private let element: Int
    private let places: [String: Int]

    /// The record at `element` of a body split with a picked field for each name, at its place in `places`.
    package init(_ body: [UInt8], _ split: Split, _ element: Int, places: [String: Int]) {
        self.body = body
        self.split = split
        self.element = element
        self.places = places
    }

    /// The value of the record's field of that name.
    package func value(of name: String) -> Value? {
        places[name].flatMap { split.field($0, of: element) }.flatMap { Scanner.value($0, in: body) }
    }
}
