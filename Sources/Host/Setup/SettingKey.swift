// SPDX-License-Identifier: Apache-2.0
import Basics
import JSON

/// One setting by its dotted name, and what it takes.
package struct SettingKey: Sendable {
    /// What a setting takes.
    enum Kind: String {
        case text = "text"
        case guid = "a GUID"
        case duration = "a duration such as P2D"
        case bytes = "a number of bytes"
        case object = "an object"
    }

    package let name: String
    let kind: Kind
    /// What it is for, in a few words.
    package let purpose: String

    /// Every setting there is.
    package static let all = [
        SettingKey(
            name: "publisherId",
            kind: .guid,
            purpose: "your own publisher id, for connections that name none"
        ),
        SettingKey(name: "caFile", kind: .text, purpose: "a PEM file of further certificate authorities"),
        SettingKey(name: "proxy", kind: .text, purpose: "the proxy's URL, where the environment names none"),
        SettingKey(
            name: "journal.retention",
            kind: .duration,
            purpose: "how long delivered records stay in the journal"
        ),
        SettingKey(name: "journal.maxBytes", kind: .bytes, purpose: "how large the journal may grow"),
        SettingKey(
            name: "archive.retention",
            kind: .duration,
            purpose: "how long archive files are kept after their day"
        ),
        SettingKey(
            name: "deviceClientId",
            kind: .guid,
            purpose: "the app that the wizard signs people in with"
        ),
        SettingKey(name: "sharedRegistrations", kind: .object, purpose: "your own multi-tenant apps by name"),
        SettingKey(name: "branding", kind: .object, purpose: "name and logo for pages and reports"),
    ]

    /// All names, for sentences.
    package static var names: String { all.map(\.name).joined(separator: ", ") }

    /// Everything that is wrong with a document of settings; `place` says where a pointer stands.
    static func problems(in object: Object, place: (Pointer) -> String) -> [String] {
        var problems: [String] = []
        for (key, value) in object where !value.isNull {
            let pointer = Pointer(tokens: [key])
            if let known = all.first(where: { $0.name == key }) {
                if let problem = known.problem(with: value) {
                    problems.append("\(place(pointer))\"\(key)\" \(problem)")
                }
                continue
            }
            let inner = all.filter { $0.name.hasPrefix(key + ".") }
            guard !inner.isEmpty else {
                problems.append("\(place(pointer))unknown key \"\(key)\"; known are \(names)")
                continue
            }
            guard let members = value.objectValue else {
                problems.append("\(place(pointer))\"\(key)\" must be an object, not \(value.kind)")
                continue
            }
            for (name, value) in members where !value.isNull {
                let pointer = pointer.appending(name)
                guard let known = inner.first(where: { $0.name == key + "." + name }) else {
                    let names = inner.map(\.name).joined(separator: ", ")
                    problems.append("\(place(pointer))unknown key \"\(key).\(name)\"; known are \(names)")
                    continue
                }
                if let problem = known.problem(with: value) {
                    problems.append("\(place(pointer))\"\(known.name)\" \(problem)")
                }
            }
        }
        return problems
    }

    private func problem(with value: Value) -> String? {
        let isTaken =
            switch kind {
            case .text: value.stringValue?.isEmpty == false
            case .guid: value.stringValue.map(isGUID) ?? false
            case .duration: value.stringValue.flatMap { Duration(iso8601: $0) }.map { $0 > .zero } ?? false
            case .bytes: value.int64.map { $0 > 0 } ?? false
            case .object: value.objectValue != nil
            }
        return isTaken ? nil : "must be \(kind.rawValue)"
    }

    func value(of text: String) throws(SettingRefused) -> Value {
        let value: Value =
            switch kind {
            case .bytes: Int64(text).map { .int($0) } ?? .string(text)
            case .object: (try? Document(parsing: Array(text.utf8)).root) ?? .string(text)
            default: .string(text)
            }
        if let problem = problem(with: value) {
            throw SettingRefused("\(name) is \"\(text)\": it \(problem)")
        }
        return value
    }

    private func isGUID(_ text: String) -> Bool {
        let groups = text.split(separator: "-", omittingEmptySubsequences: false)
        return groups.map(\.count) == [8, 4, 4, 4, 12] && groups.allSatisfy { $0.allSatisfy(\.isHexDigit) }
    }
}
