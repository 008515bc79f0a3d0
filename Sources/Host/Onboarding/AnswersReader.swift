// SPDX-License-Identifier: Apache-2.0
import Basics
import JSON

/// Takes the answers out of a document and notes every problem on the way.
struct AnswersReader {
    private let document: Document
    private(set) var problems: [AnswerProblem] = []

    private static let known = [
        "customer", "customerName", "connector", "name", "displayName", "cloud", "credentials", "streams",
        "select", "start",
        "secretExpires", "registration",
    ]

    init(_ document: Document) { self.document = document }

    mutating func answers() -> Answers {
        guard let object = document.root.objectValue else {
            note("", "the answers must be an object, not \(document.root.kind)")
            return Answers(customer: "", connector: "", name: "")
        }
        refuseUnknown(object, besides: Self.known)
        var answers = Answers(
            customer: id("customer", in: object),
            connector: id("connector", in: object),
            name: id("name", in: object),
            cloud: text("cloud", in: object),
            credentials: credentials(object["credentials"]),
            streams: streams(object["streams"]),
            start: start(in: object)
        )
        answers.select = select(object["select"])
        answers.customerName = text("customerName", in: object)
        answers.displayName = text("displayName", in: object)
        answers.registration = text("registration", in: object)
        answers.secretExpires = expiry(in: object)
        return answers
    }

    private mutating func refuseUnknown(_ object: Object, besides known: [String]) {
        for key in object.keys where !known.contains(key) {
            let near = known.first { $0.lowercased() == key.lowercased() }
            let hint = near.map { "did you mean \"\($0)\"?" } ?? "known are \(known.joined(separator: ", "))"
            note("/" + escaped(key), "unknown key \"\(key)\"; \(hint)")
        }
    }

    /// What is to be changed of a connection; what is not mentioned stays, and `null` takes away.
    mutating func changes() -> ConnectionChanges {
        var changes = ConnectionChanges()
        guard let object = document.root.objectValue else {
            note("", "the changes must be an object, not \(document.root.kind)")
            return changes
        }
        refuseUnknown(object, besides: Self.known + ["noChanges"])
        for key in ConnectionChanges.fixed { changes.stated[key] = text(key, in: object) }
        changes.displayName = text("displayName", in: object)
        changes.customerName = text("customerName", in: object)
        changes.credentials = credentials(object["credentials"]).mapValues { $0 }
        for (key, value) in object["credentials"]?.objectValue ?? [:] where value.isNull {
            changes.credentials[key] = .some(nil)
        }
        changes.streams = streams(object["streams"])
        if let value = object["select"] { changes.select = select(value) }
        changes.secretExpires = expiry(in: object)
        if let value = object["noChanges"], !value.isNull {
            changes.noChanges = value.boolValue
            if value.boolValue == nil {
                note("/noChanges", "\"noChanges\" must be true or false, not \(value.kind)")
            }
        }
        return changes
    }

    private mutating func id(_ key: String, in object: Object) -> String {
        guard let value = object[key], !value.isNull else {
            note("/" + key, "\"\(key)\" is missing")
            return ""
        }
        guard let text = value.stringValue else {
            note("/" + key, "\"\(key)\" must be text, not \(value.kind)")
            return ""
        }
        if !SetupName.isID(text) {
            note("/" + key, "\"\(text)\" is no id: \(SetupName.idRule)")
        }
        return text
    }

    private mutating func text(_ key: String, in object: Object) -> String? {
        guard let value = object[key], !value.isNull else { return nil }
        guard let text = value.stringValue else {
            note("/" + key, "\"\(key)\" must be text, not \(value.kind)")
            return nil
        }
        if text.isEmpty { note("/" + key, "\"\(key)\" is empty; leave it out instead") }
        if let name = InvisibleCharacters.anywhere(in: text) {
            note("/" + key, "\"\(key)\" holds \(name); type it anew")
        }
        return text
    }

    private mutating func credentials(_ value: Value?) -> [String: String] {
        guard let value, !value.isNull else { return [:] }
        guard let object = value.objectValue else {
            note("/credentials", "\"credentials\" must be an object, not \(value.kind)")
            return [:]
        }
        var found: [String: String] = [:]
        for (key, value) in object where !value.isNull {
            if let text = value.stringValue {
                found[key] = text
            } else {
                note("/credentials/" + escaped(key), "\"\(key)\" must be text, not \(value.kind)")
            }
        }
        return found
    }

    private mutating func streams(_ value: Value?) -> [String]? {
        guard let value, !value.isNull else { return nil }
        guard let elements = value.arrayValue else {
            note("/streams", "\"streams\" must be a list of stream ids, not \(value.kind)")
            return nil
        }
        if elements.isEmpty {
            note("/streams", "\"streams\" is empty; leave it out for all that are enabled by default")
        }
        var chosen: [String] = []
        for (index, element) in elements.enumerated() {
            guard let stream = element.stringValue else {
                note("/streams/\(index)", "a stream id must be text, not \(element.kind)")
                continue
            }
            if chosen.contains(stream) { note("/streams/\(index)", "the stream \(stream) is named twice") }
            chosen.append(stream)
        }
        return chosen
    }

    private mutating func select(_ value: Value?) -> [String: Value] {
        guard let value, !value.isNull else { return [:] }
        guard let object = value.objectValue else {
            note("/select", "\"select\" must be an object with the streams' ids, not \(value.kind)")
            return [:]
        }
        return Dictionary(object.map { ($0.key, $0.value) }) { $1 }
    }

    private mutating func start(in object: Object) -> String {
        guard let value = object["start"], !value.isNull else { return "now" }
        guard let text = value.stringValue else {
            note("/start", "\"start\" must be text, not \(value.kind)")
            return "now"
        }
        guard text != "now" else { return text }
        guard let reach = Duration(iso8601: text), reach > .zero else {
            note("/start", "\"\(text)\" is neither \"now\" nor a duration such as \"P7D\" or \"PT12H\"")
            return "now"
        }
        if reach > Answers.furthest {
            note("/start", "\"\(text)\" reaches further back than P7D, which is all that sources keep")
        }
        return text
    }

    private mutating func expiry(in object: Object) -> Timestamp? {
        guard let text = text("secretExpires", in: object) else { return nil }
        guard let instant = Timestamp(iso8601: text) else {
            note("/secretExpires", "\"\(text)\" is no date such as \"2027-05-31\"")
            return nil
        }
        return instant
    }

    private mutating func note(_ pointer: String, _ sentence: String) {
        let place = Pointer(pointer) ?? .root
        let position = document.position(ofName: place) ?? document.position(of: place)
        problems.append(AnswerProblem(pointer, at: position, sentence))
    }

    private func escaped(_ key: String) -> String { String(Pointer(tokens: [key]).description.dropFirst()) }
}
