// SPDX-License-Identifier: Apache-2.0
import Basics
import JSON
import Status
import Store

/// Takes a set-up out of a document and notes every problem on the way.
struct SetupReader {
    private let document: Document
    private(set) var problems: [AnswerProblem] = []

    init(_ document: Document) { self.document = document }

    mutating func read() -> (Object?, [SetupDocument.App], [SetupDocument.Client]) {
        guard
            let root = object(
                document.root,
                .root,
                ["schema", "config", "registrations", "customers"]
            )
        else { return (nil, [], []) }
        if root["schema"] != 1 {
            note(Pointer(tokens: ["schema"]), "\"schema\" must be 1, the only one there is")
        }
        let config = root["config"].flatMap { $0.isNull ? nil : $0 }
        if let config, config.objectValue == nil {
            note(Pointer(tokens: ["config"]), "\"config\" must be an object, not \(config.kind)")
        }
        let apps = list("registrations", in: root, .root) { reader, value, at in reader.app(value, at) }
        let clients = list("customers", in: root, .root) { reader, value, at in reader.client(value, at) }
        twice(apps.map { ($0.path, $0.at) }, "registration")
        twice(clients.map { ($0.id, $0.at) }, "customer")
        for client in clients { twice(client.connections.map { ($0.name, $0.at) }, "connection") }
        return (config?.objectValue, apps, clients)
    }

    // MARK: parts

    private mutating func app(_ value: Value, _ at: Pointer) -> SetupDocument.App? {
        guard let object = object(value, at, ["cloud", "tenant", "clientKey", "current", "next"]) else {
            return nil
        }
        return SetupDocument.App(
            at: at,
            cloud: needed("cloud", in: object, at),
            tenant: needed("tenant", in: object, at),
            clientKey: text("clientKey", in: object, at, mayBeEmpty: true) ?? "",
            current: key("current", in: object, at),
            next: key("next", in: object, at)
        )
    }

    private mutating func key(_ name: String, in outer: Object, _ at: Pointer) -> SetupDocument.Key? {
        let at = at.appending(name)
        guard let value = outer[name], !value.isNull,
            let object = object(value, at, ["kind", "at", "expiresAt", "thumbprint"])
        else { return nil }
        let kinds = Credential.Kind.allCases.map(\.rawValue)
        let kind = Credential.Kind(rawValue: needed("kind", in: object, at))
        if kind == nil, object["kind"] != nil {
            note(at.appending("kind"), "\"kind\" is one of \(kinds.joined(separator: ", "))")
        }
        let place = needed("at", in: object, at)
        let reference = SecretReference(place)
        if reference == nil, place != "vault", !place.isEmpty {
            note(
                at.appending("at"),
                "\"\(place)\" is neither \"vault\" nor env:NAME, file:PATH or command:[\"program\"]"
            )
        }
        if kind == .federated, reference == nil, place == "vault" {
            note(at.appending("at"), "a federated credential is a file:PATH and never in the vault")
        }
        return SetupDocument.Key(
            at: at,
            kind: kind ?? .secret,
            reference: reference,
            expiresAt: instant("expiresAt", in: object, at),
            thumbprint: text("thumbprint", in: object, at)
        )
    }

    private mutating func client(_ value: Value, _ at: Pointer) -> SetupDocument.Client? {
        guard let object = object(value, at, ["id", "name", "connections"]) else { return nil }
        return SetupDocument.Client(
            at: at,
            id: id("id", in: object, at),
            name: text("name", in: object, at),
            connections: list("connections", in: object, at) { reader, value, at in reader.line(value, at) }
        )
    }

    private static let keys = [
        "connector", "name", "displayName", "cloud", "tenant", "credentials", "registration", "streams",
        "start",
        "draft", "noChanges",
    ]

    private mutating func line(_ value: Value, _ at: Pointer) -> SetupDocument.Line? {
        guard let object = object(value, at, Self.keys) else { return nil }
        let start = text("start", in: object, at)
        if let start, start != "now",
            Duration(iso8601: start).map({ $0 <= .zero || $0 > Answers.furthest }) ?? true
        {
            note(at.appending("start"), "\"\(start)\" is neither \"now\" nor a duration up to P7D")
        }
        let streams = object["streams"].map { _ in
            list("streams", in: object, at) { reader, value, at in reader.feed(value, at) }
        }
        if let streams, streams.isEmpty {
            note(at.appending("streams"), "\"streams\" is empty; leave it out to leave them alone")
        }
        return SetupDocument.Line(
            at: at,
            connector: id("connector", in: object, at),
            name: id("name", in: object, at),
            displayName: text("displayName", in: object, at),
            cloud: text("cloud", in: object, at),
            tenant: text("tenant", in: object, at),
            credentials: credentials(in: object, at),
            app: text("registration", in: object, at),
            streams: streams,
            start: start,
            isDraft: flag("draft", in: object, at),
            noChanges: flag("noChanges", in: object, at)
        )
    }

    private mutating func credentials(in outer: Object, _ at: Pointer) -> [String: String]? {
        let at = at.appending("credentials")
        guard let value = outer["credentials"], !value.isNull else { return nil }
        guard let object = value.objectValue else {
            note(at, "\"credentials\" must be an object, not \(value.kind)")
            return nil
        }
        var found: [String: String] = [:]
        for name in object.keys { found[name] = text(name, in: object, at) }
        return found
    }

    private mutating func feed(_ value: Value, _ at: Pointer) -> SetupDocument.Feed? {
        guard let object = object(value, at, ["id", "hold", "select"]) else { return nil }
        var feed = SetupDocument.Feed(id: needed("id", in: object, at))
        feed.statesHold = object["hold"] != nil
        feed.hold = hold(in: object, at)
        feed.statesSelect = object["select"] != nil
        feed.select = object["select"].flatMap { $0.isNull ? Value?.none : $0 }
        return feed
    }

    private mutating func hold(in outer: Object, _ at: Pointer) -> Hold? {
        let at = at.appending("hold")
        guard let value = outer["hold"], !value.isNull,
            let object = object(value, at, ["kind", "by", "reason", "until"])
        else { return nil }
        guard let kind = Hold.Kind(rawValue: needed("kind", in: object, at)) else {
            if object["kind"] != nil { note(at.appending("kind"), "\"kind\" is paused or excluded") }
            return nil
        }
        return Hold(
            kind: kind,
            by: needed("by", in: object, at),
            reason: needed("reason", in: object, at),
            at: Timestamp(seconds: 0),
            until: instant("until", in: object, at)
        )
    }

    // MARK: values

    private mutating func object(_ value: Value, _ at: Pointer, _ known: [String]) -> Object? {
        guard let object = value.objectValue else {
            note(at, "it must be an object, not \(value.kind)")
            return nil
        }
        for key in object.keys where !known.contains(key) {
            note(at.appending(key), "unknown key \"\(key)\"; known are \(known.joined(separator: ", "))")
        }
        return object
    }

    private mutating func list<Element>(
        _ key: String,
        in object: Object,
        _ at: Pointer,
        _ read: (inout SetupReader, Value, Pointer) -> Element?
    ) -> [Element] {
        guard let value = object[key], !value.isNull else { return [] }
        let at = at.appending(key)
        guard let elements = value.arrayValue else {
            note(at, "\"\(key)\" must be a list, not \(value.kind)")
            return []
        }
        var found: [Element] = []
        for (index, element) in elements.enumerated() {
            if let made = read(&self, element, at.appending(index)) { found.append(made) }
        }
        return found
    }

    private mutating func text(_ key: String, in object: Object, _ at: Pointer, mayBeEmpty: Bool = false)
        -> String?
    {
        guard let value = object[key], !value.isNull else { return nil }
        guard let text = value.stringValue else {
            note(at.appending(key), "\"\(key)\" must be text, not \(value.kind)")
            return nil
        }
        if text.isEmpty, !mayBeEmpty { note(at.appending(key), "\"\(key)\" is empty; leave it out instead") }
        if let name = InvisibleCharacters.anywhere(in: text) {
            note(at.appending(key), "\"\(key)\" holds \(name); type it anew")
        }
        return text
    }

    private mutating func needed(_ key: String, in object: Object, _ at: Pointer) -> String {
        if object[key]?.isNull ?? true { note(at.appending(key), "\"\(key)\" is missing") }
        return text(key, in: object, at) ?? ""
    }

    private mutating func id(_ key: String, in object: Object, _ at: Pointer) -> String {
        let text = needed(key, in: object, at)
        if !text.isEmpty, !SetupName.isID(text) {
            note(at.appending(key), "\"\(text)\" is no id: \(SetupName.idRule)")
        }
        return text
    }

    private mutating func flag(_ key: String, in object: Object, _ at: Pointer) -> Bool? {
        guard let value = object[key], !value.isNull else { return nil }
        if value.boolValue == nil {
            note(at.appending(key), "\"\(key)\" must be true or false, not \(value.kind)")
        }
        return value.boolValue
    }

    private mutating func instant(_ key: String, in object: Object, _ at: Pointer) -> Timestamp? {
        guard let text = text(key, in: object, at) else { return nil }
        let instant = Timestamp(iso8601: text)
        if instant == nil {
            note(at.appending(key), "\"\(text)\" is no time such as \"2027-05-31T00:00:00Z\"")
        }
        return instant
    }

    private mutating func twice(_ names: [(String, Pointer)], _ what: String) {
        var seen: Set<String> = []
        for (name, at) in names where !seen.insert(name).inserted {
            note(at, "the \(what) \(name) stands there twice")
        }
    }

    private mutating func note(_ at: Pointer, _ sentence: String) {
        let position = document.position(ofName: at) ?? document.position(of: at)
        problems.append(AnswerProblem(at.description, at: position, sentence))
    }
}
