// SPDX-License-Identifier: Apache-2.0
import Basics
package import JSON
package import Store

/// What people may set for the whole of Headgate, in `config.json`.
///
/// Read strictly, since a key that is misspelt would silently leave the default in force.
package struct Settings: Sendable, Equatable {
    /// The document as it stands.
    package private(set) var object: Object

    /// Nothing set.
    package init() { object = [:] }

    /// Reads the file's bytes; `path` is for the sentence when they do not read.
    package init(parsing bytes: [UInt8], path: String) throws(StoreFailure) {
        let document: Document
        do {
            document = try Document(parsing: bytes)
        } catch {
            throw .configuration(path: path, problems: [error.description])
        }
        guard let object = document.root.objectValue else {
            throw .configuration(path: path, problems: ["it must be an object, not \(document.root.kind)"])
        }
        let problems = SettingKey.problems(in: object) { pointer in
            (document.position(ofName: pointer) ?? document.position(of: pointer)).map { "line \($0.line): " }
                ?? ""
        }
        guard problems.isEmpty else { throw .configuration(path: path, problems: problems) }
        self.object = object
    }

    /// The provider's own publisher id, for connections that name none.
    package var publisherId: String? { text("publisherId") }
    /// A file of further certificate authorities.
    package var caFile: String? { text("caFile") }
    /// The proxy, where the environment names none.
    package var proxy: String? { text("proxy") }
    /// How long committed records stay in the journal after every destination has passed them.
    package var journalRetention: Duration {
        text("journal.retention").flatMap { Duration(iso8601: $0) } ?? .days(2)
    }
    /// How large the journal may grow.
    package var journalMaxBytes: Int64? { value("journal.maxBytes")?.int64 }
    /// How long archive files are kept; for ever where unset.
    package var archiveRetention: Duration? { text("archive.retention").flatMap { Duration(iso8601: $0) } }

    /// What stands in for credential fields that count as not given.
    package var fallbacks: [String: String] { publisherId.map { ["publisherId": $0] } ?? [:] }

    /// The value of a dotted key.
    package func value(_ key: String) -> Value? {
        key.split(separator: ".").reduce(Value.object(object) as Value?) { $0?[String($1)] }
    }

    private func text(_ key: String) -> String? { value(key)?.stringValue }

    /// These settings with those of `others` over them; what stands in neither is as unset as before.
    func merging(_ others: Object) throws(StoreFailure) -> Settings {
        let checked = try Settings(parsing: Value.object(others).bytes(), path: "config")
        var merged = self
        for (key, value) in checked.object where !value.isNull {
            let isOne = SettingKey.all.contains { $0.name == key }
            var inner = isOne ? [:] : merged.object[key]?.objectValue ?? [:]
            for (name, value) in value.objectValue ?? [:] where !value.isNull { inner[name] = value }
            merged.object[key] = isOne ? value : .object(inner)
        }
        return merged
    }

    /// These settings with `key` set to `text`, or unset for `nil`; says in a sentence why not.
    package func setting(_ key: String, to text: String?) throws(SettingRefused) -> Settings {
        guard let known = SettingKey.all.first(where: { $0.name == key }) else {
            throw SettingRefused("there is no setting \"\(key)\"; there are \(SettingKey.names)")
        }
        var value: Value?
        if let text { value = try known.value(of: text) }
        var changed = self
        let parts = key.split(separator: ".").map(String.init)
        if parts.count == 2 {
            var inner = changed.object[parts[0]]?.objectValue ?? [:]
            inner[parts[1]] = value
            changed.object[parts[0]] = inner.isEmpty ? nil : .object(inner)
        } else {
            changed.object[key] = value
        }
        return changed
    }
}

/// A setting that cannot be made, and why.
package struct SettingRefused: Error, Sendable, Equatable, CustomStringConvertible {
    package let description: String

    /// Refuses with a sentence.
    package init(_ sentence: String) { description = sentence }
}
