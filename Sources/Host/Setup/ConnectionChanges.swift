// SPDX-License-Identifier: Apache-2.0
package import Basics
package import Connectors
package import JSON
import Status
import Store

/// What a person wants changed of a connection; everything that is not mentioned stays as it is.
package struct ConnectionChanges: Sendable, Equatable {
    /// Keys of the answers that say which connection is meant and what it is; they may be repeated, not changed.
    static let fixed = ["customer", "connector", "name", "cloud", "start", "registration"]

    /// What was repeated of ``fixed``.
    var stated: [String: String] = [:]
    package var displayName: String?
    package var customerName: String?
    /// Values by the definition's names; `nil` takes one away.
    package var credentials: [String: String?] = [:]
    /// All streams that are to be collected.
    package var streams: [String]?
    /// What is left out or blackened, by stream; empty for nothing.
    package var select: [String: Value]?
    package var noChanges: Bool?
    package var secretExpires: Timestamp?

    /// Changes nothing.
    package init() {}

    /// Reads a file in the words of the answers, each of which may be missing; says all its problems at once.
    package init(parsing bytes: [UInt8]) throws(AnswersRefused) {
        let document: Document
        do {
            document = try Document(parsing: bytes)
        } catch {
            throw AnswersRefused([AnswerProblem("", at: error.position, "the file is not JSON: \(error)")])
        }
        var reader = AnswersReader(document)
        self = reader.changes()
        guard reader.problems.isEmpty else { throw AnswersRefused(reader.problems) }
    }

    /// Takes up `NAME=VALUE`; an empty value takes a credential away.
    package mutating func set(_ setting: String, of definition: Definition) throws(SettingRefused) {
        guard let equals = setting.firstIndex(of: "="), equals > setting.startIndex else {
            throw SettingRefused("\"\(setting)\" is no setting: write NAME=VALUE")
        }
        let (name, value) = (String(setting[..<equals]), String(setting[setting.index(after: equals)...]))
        func filled() throws(SettingRefused) -> String {
            guard !value.isEmpty else { throw SettingRefused("\(name) is empty: write \(name)=VALUE") }
            guard let hidden = InvisibleCharacters.anywhere(in: value) else { return value }
            throw SettingRefused("\(name) holds \(hidden): type it anew")
        }
        let fields = definition.credentials.filter { !$0.isSecret }.map(\.name)
        switch name {
        case "displayName": displayName = try filled()
        case "customerName": customerName = try filled()
        case "noChanges":
            guard ["true", "false"].contains(value) else {
                throw SettingRefused("noChanges is \"\(value)\": it is true or false")
            }
            noChanges = value == "true"
        case "secretExpires":
            guard let instant = Timestamp(iso8601: value) else {
                throw SettingRefused("secretExpires is \"\(value)\": it is a date such as 2027-05-31")
            }
            secretExpires = instant
        case _ where fields.contains(name): credentials[name] = .some(value.isEmpty ? nil : value)
        default:
            let known = ["displayName", "customerName", "noChanges", "secretExpires"] + fields
            throw SettingRefused(
                "there is nothing called \(name) to set; there is \(known.joined(separator: ", "))"
            )
        }
    }

    /// The answers that `connection` would be set up with after these changes.
    ///
    /// Throws ``ReconfigureRefused`` where something that cannot change is stated otherwise than it is.
    func answers(of connection: Connection, _ registration: Registration?) throws(ReconfigureRefused)
        -> Answers
    {
        let present = [
            "customer": connection.key.customer, "name": connection.key.connection,
            "connector": connection.connector, "cloud": connection.cloud, "start": connection.start,
            "registration": registration?.sharedName,
        ]
        for key in Self.fixed {
            guard let said = stated[key], said != present[key] ?? nil else { continue }
            throw ReconfigureRefused(key, said, (present[key] ?? nil) ?? "none", connection.key)
        }
        var values: [String: String] = [:]
        for (name, value) in connection.credentials.objectValue ?? [:] { values[name] = value.stringValue }
        for (name, value) in credentials { values[name] = value }
        let chosen = streams ?? connection.streams.map(\.stream)
        var answers = Answers(
            customer: connection.key.customer,
            connector: connection.connector,
            name: connection.key.connection,
            cloud: connection.cloud,
            credentials: values,
            streams: chosen,
            start: connection.start
        )
        answers.displayName = displayName
        answers.customerName = customerName
        answers.secretExpires = secretExpires
        answers.registration = registration?.sharedName
        let kept = connection.streams.filter { chosen.contains($0.stream) }
        answers.select =
            select
            ?? Dictionary(kept.compactMap { choice in choice.select.map { (choice.stream, $0) } }) { $1 }
        return answers
    }
}

extension Registration {
    /// The name of a provider's own multi-tenant app; `nil` for an app of the tenant.
    var sharedName: String? { tenant.hasPrefix("shared:") ? String(tenant.dropFirst(7)) : nil }
}

/// A change that a connection cannot have, and what to do instead.
package struct ReconfigureRefused: Error, Sendable, Equatable, CustomStringConvertible {
    package let description: String

    /// Says that `key` cannot become `wanted`, being `present`.
    init(_ key: String, _ wanted: String, _ present: String, _ connection: ConnectionKey) {
        let instead =
            switch key {
            case "start":
                "history is asked for with: headgate backfill \(connection) --from \(wanted)"
            case "clientKey", "registration":
                "another app comes with its own credential: headgate connection add --answers FILE --secret-file FILE "
                    + "with the same tenant puts it in the place of the old one"
            default:
                "every record's id is made of what a connection is, so that it never changes: add another with headgate "
                    + "connection add, and take this one off with headgate connection remove \(connection)"
            }
        description = "\(key) of \(connection) is \(present) and cannot become \(wanted); \(instead)."
    }
}
