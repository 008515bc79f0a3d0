// SPDX-License-Identifier: Apache-2.0
import Basics
import JSON

/// One object of a scenario or a control, read strictly: what is not known is refused with its place.
struct Reading {
    let value: Value
    let pointer: Pointer
    let document: Document

    /// Begins at the top of a document.
    init(_ bytes: [UInt8]) throws(SimulatorFailure) {
        do throws(Malformed) {
            document = try Document(parsing: bytes)
        } catch {
            throw .scenario(pointer: "", line: error.position.line, reason: error.description)
        }
        value = document.root
        pointer = .root
    }

    private init(_ value: Value, _ pointer: Pointer, _ document: Document) {
        self.value = value
        self.pointer = pointer
        self.document = document
    }

    func failure(_ reason: String, at key: String? = nil) -> SimulatorFailure {
        let place = key.map { pointer.appending($0) } ?? pointer
        return .scenario(pointer: place.description, line: document.position(of: place)?.line, reason: reason)
    }

    /// Refuses members that `kind` does not have.
    func check(_ kind: String) throws(SimulatorFailure) {
        guard let object = value.objectValue else { throw failure("expected an object, found \(value.kind)") }
        let known = Scenario.members[kind] ?? []
        for key in object.keys where !known.contains(key) {
            throw failure("unknown member; known are \(known.joined(separator: ", "))", at: key)
        }
    }

    /// The member `key`, if it is there and not null.
    func member(_ key: String) -> Reading? {
        guard let found = value[key], !found.isNull else { return nil }
        return Reading(found, pointer.appending(key), document)
    }

    /// The members of an object whose names are data.
    func entries(_ key: String) throws(SimulatorFailure) -> [(name: String, reading: Reading)] {
        guard let found = member(key) else { return [] }
        guard let object = found.value.objectValue else { throw found.failure("expected an object") }
        return object.map { ($0.key, Reading($0.value, found.pointer.appending($0.key), document)) }
    }

    /// The elements of an array; none where the member is missing.
    func list(_ key: String) throws(SimulatorFailure) -> [Reading] {
        guard let found = member(key) else { return [] }
        guard let elements = found.value.arrayValue else { throw found.failure("expected an array") }
        return elements.enumerated().map { Reading($1, found.pointer.appending($0), document) }
    }

    func text() throws(SimulatorFailure) -> String {
        guard let text = value.stringValue else { throw failure("expected a text, found \(value.kind)") }
        return text
    }

    /// An array of texts.
    func texts() throws(SimulatorFailure) -> [String] {
        guard let elements = value.arrayValue, elements.allSatisfy({ $0.stringValue != nil }) else {
            throw failure("expected an array of texts")
        }
        return elements.compactMap(\.stringValue)
    }

    func text(_ key: String) throws(SimulatorFailure) -> String? {
        guard let found = member(key) else { return nil }
        return try found.text()
    }

    func needed(_ key: String) throws(SimulatorFailure) -> String {
        guard let text = try text(key), !text.isEmpty else { throw failure("needs the text \"\(key)\"") }
        return text
    }

    func guid(_ key: String) throws(SimulatorFailure) -> String {
        let text = try needed(key).lowercased()
        guard isGUID(text) else { throw failure("expected a GUID", at: key) }
        return text
    }

    func truth(_ key: String) throws(SimulatorFailure) -> Bool? {
        guard let found = member(key) else { return nil }
        guard let truth = found.value.boolValue else { throw found.failure("expected true or false") }
        return truth
    }

    func whole(_ key: String, _ range: ClosedRange<Int>) throws(SimulatorFailure) -> Int? {
        guard let found = member(key) else { return nil }
        guard let number = found.value.int64, let whole = Int(exactly: number), range.contains(whole) else {
            throw found.failure("expected a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return whole
    }

    /// An ISO 8601 duration, perhaps with a sign.
    func duration(_ key: String, signed: Bool = false) throws(SimulatorFailure) -> Duration? {
        guard let found = member(key) else { return nil }
        let text = try found.text()
        if signed, let duration = Duration(signed: text) { return duration }
        guard let duration = Duration(iso8601: text) else {
            throw found.failure("expected an ISO 8601 duration such as PT15M\(signed ? " or -P1D" : "")")
        }
        return duration
    }

    /// An RFC 3339 instant, or a duration from the simulator's start on such as `-P1D`.
    func moment(_ key: String) throws(SimulatorFailure) -> Scenario.Moment? {
        guard let found = member(key) else { return nil }
        return try found.moment()
    }

    func moment() throws(SimulatorFailure) -> Scenario.Moment {
        let text = try text()
        if let distance = Duration(signed: text) { return .after(distance) }
        guard let instant = Timestamp(iso8601: text) else {
            throw failure("expected an instant such as 2026-11-21T06:30:00Z, or a distance such as -P1D")
        }
        return .at(instant)
    }

    func neededMoment(_ key: String) throws(SimulatorFailure) -> Scenario.Moment {
        guard let moment = try moment(key) else { throw failure("needs the instant \"\(key)\"") }
        return moment
    }

    func type(_ key: String) throws(SimulatorFailure) -> ContentType? {
        guard let found = member(key) else { return nil }
        return try found.contentType(found.text())
    }

    func contentType(_ name: String) throws(SimulatorFailure) -> ContentType {
        guard let type = ContentType(rawValue: name) else {
            let known = ContentType.allCases.map(\.rawValue).joined(separator: ", ")
            throw failure("no content type; known are \(known)")
        }
        return type
    }
}

extension Duration {
    /// Reads an ISO 8601 duration that may have a sign in front.
    init?(signed text: String) {
        if text.hasPrefix("-") {
            guard let size = Duration(iso8601: text.dropFirst()) else { return nil }
            self = .zero - size
        } else {
            self.init(iso8601: text.hasPrefix("+") ? text.dropFirst() : text[...])
        }
    }
}
