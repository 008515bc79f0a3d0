// SPDX-License-Identifier: Apache-2.0
package import JSON

/// What becomes of a connection that was set up with another version of its definition.
package enum Carry: Sendable, Equatable {
    /// It was set up with this version.
    case current
    /// It goes on with these credentials; `say` is for the person, where there is anything to say.
    case over(credentials: Object, say: String?)
    /// It cannot be collected before a person acts.
    case refused(ConnectorFailure)
}

extension Definition {
    /// What becomes of a connection with `credentials` that was set up with `version`.
    ///
    /// The first migration that fits the version carries it to the present one. Without any, a version of the same
    /// major number is the same but for what its author added; another major number, or a newer version, is refused.
    package func carry(_ credentials: Object, from version: String?) -> Carry {
        guard let version, version != self.version, let made = Self.numbers(version),
            let present = Self.numbers(self.version)
        else { return .current }
        guard made.lexicographicallyPrecedes(present) else {
            return .refused(.notCarried(id: id, from: version, to: self.version, isNewer: true))
        }
        let migration = migrations.first { Text.matches(version, glob: $0.from) }
        guard migration != nil || made[0] == present[0] else {
            return .refused(.notCarried(id: id, from: version, to: self.version, isNewer: false))
        }
        let carried = migration?.carried(credentials) ?? credentials
        let missing = self.credentials.first { field in
            !field.isSecret && field.isRequired && field.default == nil && carried[field.name] == nil
                && (field.requiredUnless.map { carried[$0] == nil } ?? true)
        }
        if let missing {
            return .refused(.lacking(id: id, field: missing.label, from: version, to: self.version))
        }
        return .over(credentials: carried, say: migration?.say)
    }

    private static func numbers(_ version: String) -> [Int]? {
        let parts = version.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
        let numbers = parts.compactMap(\.self)
        return numbers.count == 3 && parts.count == 3 ? numbers : nil
    }
}
