// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import JSON

/// One item that a list named: what is needed to fetch it, now or later.
struct ListedItem: Sendable, Equatable {
    let id: String
    let value: Value
    let available: Timestamp?
    let expires: Timestamp?

    /// Reads an element of a list; `nil` where it does not say its id.
    init?(_ value: Value, of list: StreamDefinition.List) {
        guard let path = list.contentID, let id = value.field(path)?.plainText, !id.isEmpty else {
            return nil
        }
        self.id = id
        self.value = value
        available = list.available.flatMap { value.field($0)?.stringValue }.flatMap { Timestamp(iso8601: $0) }
        expires = list.expires.flatMap { value.field($0)?.stringValue }.flatMap { Timestamp(iso8601: $0) }
    }

    /// The element as it is kept while the item is parked.
    var bytes: [UInt8] { value.bytes() }
}

extension Value {
    /// The value at the end of a path of member names.
    func field(_ path: FieldPath) -> Value? {
        var value: Value? = self
        for name in path.names { value = value?[name] }
        return value
    }
}
