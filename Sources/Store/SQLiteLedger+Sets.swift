// SPDX-License-Identifier: Apache-2.0
import Basics
package import Status

extension SQLiteLedger {
    private static let memberColumns = "key, name, versions, turns, missed, gone"

    /// The members with these keys that the stream's stored set has or had.
    package func members(_ keys: [KeyDigest], of stream: StreamKey) throws -> [KeyDigest: SetMember] {
        guard let number = try knownNumber(of: stream) else { return [:] }
        var found: [KeyDigest: SetMember] = [:]
        for key in keys where found[key] == nil {
            found[key] = try database.first(
                "SELECT \(Self.memberColumns) FROM members WHERE stream = ?1 AND key = ?2",
                .integer(number),
                .blob(Self.bytes(of: key))
            ) { (row) throws(StoreFailure) in Self.member(row) }
        }
        return found
    }

    /// At most `most` members that the stream's stored set has, by their keys, after one of them.
    package func members(of stream: StreamKey, after key: KeyDigest?, most: Int) throws -> [SetMember] {
        guard let number = try knownNumber(of: stream) else { return [] }
        return try database.rows(
            """
            SELECT \(Self.memberColumns) FROM members WHERE stream = ?1 AND key > ?2 AND gone IS NULL
            ORDER BY key LIMIT ?3
            """,
            .integer(number),
            .blob(key.map(Self.bytes) ?? []),
            .number(most)
        ) { (row) throws(StoreFailure) in Self.member(row) }
    }

    func put(_ members: [SetMember], number: Int64) throws(StoreFailure) {
        for member in members {
            try database.run(
                """
                INSERT OR REPLACE INTO members(stream, key, name, versions, turns, missed, gone)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                """,
                .integer(number),
                .blob(Self.bytes(of: member.key)),
                .blob(member.name),
                .blob(member.versions.flatMap(Self.bytes)),
                .number(member.turns),
                .number(member.missed),
                .time(member.gone)
            )
        }
    }

    /// Most significant first, so that blobs are in the order of their keys.
    private static func bytes(of key: KeyDigest) -> [UInt8] { bytes(of: key.high) + bytes(of: key.low) }

    private static func bytes(of word: UInt64) -> [UInt8] {
        withUnsafeBytes(of: word.bigEndian) { Array($0) }
    }

    private static func member(_ row: Row) -> SetMember {
        let key = words(row.blob(0))
        return SetMember(
            key: KeyDigest(high: key.first ?? 0, low: key.last ?? 0),
            name: row.blob(1),
            versions: words(row.blob(2)),
            turns: row.int(3),
            missed: row.int(4),
            gone: row.optionalTime(5)
        )
    }

    private static func words(_ bytes: [UInt8]) -> [UInt64] {
        stride(from: 0, to: bytes.count - bytes.count % 8, by: 8).map { place in
            bytes[place..<place + 8].reduce(0) { $0 << 8 | UInt64($1) }
        }
    }
}
