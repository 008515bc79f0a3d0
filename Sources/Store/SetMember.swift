// SPDX-License-Identifier: Apache-2.0
package import Basics

/// One member of a stream's stored set, as the newest complete snapshot showed it.
package struct SetMember: Sendable, Equatable {
    /// The version that stands for not being there.
    package static let absent: UInt64 = 0
    /// How many of its versions are remembered.
    private static let longest = 32

    /// A digest of the fields that name it.
    package let key: KeyDigest
    /// The fields that name it, as a JSON object.
    package let name: [UInt8]
    /// Digests of the versions it had, the newest last; only the last few.
    package private(set) var versions: [UInt64]
    /// How many records were made of it.
    package private(set) var turns: Int
    /// How many complete snapshots one after the other lacked it.
    package var missed: Int
    /// Since when it is taken for gone.
    package var gone: Timestamp?

    /// Puts it together from its parts; without any but the first two it is one that nobody has seen yet.
    package init(
        key: KeyDigest,
        name: [UInt8],
        versions: [UInt64] = [],
        turns: Int = 0,
        missed: Int = 0,
        gone: Timestamp? = nil
    ) {
        self.key = key
        self.name = name
        self.versions = versions
        self.turns = turns
        self.missed = missed
        self.gone = gone
    }

    /// The version it has now.
    package var version: UInt64? { versions.last }

    /// Gives it a version, and says what tells the record of it apart beside key and version.
    ///
    /// A version that comes for the first time needs nothing more, so that its record keeps its id when the connection
    /// is added anew; one that comes back has the number of its turn.
    package mutating func become(_ version: UInt64) -> Int? {
        let isNew = turns == versions.count && !versions.contains(version)
        turns += 1
        versions.append(version)
        if versions.count > Self.longest { versions.removeFirst() }
        return isNew ? nil : turns
    }
}
