// SPDX-License-Identifier: Apache-2.0

/// What a path of Graph is about: a whole collection, or one object of it, and what of that.
struct GraphTarget: Sendable {
    enum Key: Sendable, Equatable {
        case all
        /// An object id.
        case id(String)
        /// A client id, told as `(appId='…')`.
        case app(String)
    }

    let key: Key
    /// The segments behind the object.
    let tail: [String]

    /// Reads a path such as `applications/{id}/addPassword`; `nil` where it makes no sense.
    init?(_ path: [String]) {
        guard let first = path.first else { return nil }
        if let open = first.firstIndex(of: "(") {
            let inside = first[open...].dropFirst()
            guard inside.lowercased().hasPrefix("appid='"), inside.hasSuffix("')") else { return nil }
            key = .app(inside.dropFirst(7).dropLast(2).lowercased())
            tail = Array(path.dropFirst())
        } else if path.count > 1 {
            key = .id(path[1].lowercased())
            tail = Array(path.dropFirst(2))
        } else {
            (key, tail) = (.all, [])
        }
    }

    /// What is asked of the object, in lower case.
    var subject: String { tail.first?.lowercased() ?? "" }

    /// The id of a part of the object that is named.
    var part: String? { tail.count == 2 ? tail[1] : nil }
}
