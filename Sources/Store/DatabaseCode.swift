// SPDX-License-Identifier: Apache-2.0

/// SQLite's result codes, as many as we decide by.
struct DatabaseCode: RawRepresentable, Sendable, Hashable {
    let rawValue: Int32

    init(rawValue: Int32) { self.rawValue = rawValue }
    /// The primary code within an extended one.
    init(extended code: Int32) { rawValue = code & 0xFF }

    static let busy = DatabaseCode(rawValue: 5)
    static let corrupt = DatabaseCode(rawValue: 11)
    static let full = DatabaseCode(rawValue: 13)
    static let constraint = DatabaseCode(rawValue: 19)
    static let notADatabase = DatabaseCode(rawValue: 26)
}
