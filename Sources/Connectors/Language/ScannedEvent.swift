// SPDX-License-Identifier: Apache-2.0
package import JSON

/// The outermost members of events that some conditions and expressions read, in the order in which they are picked.
package struct EventColumns: Sendable, Equatable {
    /// The members' names.
    package private(set) var names: [String] = []
    private var places: [String: Int] = [:]

    /// Gathers what `predicates` and `expressions` read.
    package init(_ predicates: [Predicate], _ expressions: [Expression] = []) {
        for (name, _) in predicates.flatMap(\.paths) + expressions.flatMap(\.paths)
        where places[name] == nil {
            places[name] = names.count
            names.append(name)
        }
    }

    /// The same as fields to pick while a body is split.
    package var fields: [FieldPath] { names.map { FieldPath([$0]) } }

    /// Which of the fields the member `name` is.
    package subscript(name: String) -> Int? { places[name] }
}

/// One event of a split body, of which a member is decoded only when a condition asks for it.
package struct ScannedEvent: Bindings {
    let body: [UInt8]
    let split: Split
    let element: Int
    let columns: EventColumns
    /// How many other fields were picked before the columns.
    let offset: Int

    /// Looks at `element` of `split`, where the columns were picked after `offset` other fields.
    package init(
        _ body: [UInt8],
        _ split: Split,
        _ element: Int,
        _ columns: EventColumns,
        after offset: Int = 0
    ) {
        self.body = body
        self.split = split
        self.element = element
        self.columns = columns
        self.offset = offset
    }

    /// The member's value; `nil` where the event has none of that name.
    package func value(of name: String) -> Value? {
        raw(columns[name]).flatMap { Scanner.value($0, in: body) }
    }

    /// Where the value of a column lies in the body.
    func raw(_ column: Int?) -> Range<Int>? { column.flatMap { split.field(offset + $0, of: element) } }
}
