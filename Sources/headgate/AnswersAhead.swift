// SPDX-License-Identifier: Apache-2.0
import Host
import JSON

/// What a command line and a file of answers say ahead, so that it need not be asked.
struct AnswersAhead: Sendable {
    private(set) var answers: Object = [:]
    private(set) var credentials: Object = [:]
    /// The connectors that are named; none leaves it to the usual flow.
    private(set) var connectors: [String] = []

    /// Reads both; the command line wins.
    init(_ invocation: Invocation) throws {
        let arguments = invocation.arguments
        if let path = try arguments.value("--answers") {
            if path == "-", arguments.has("--secret-stdin") {
                throw Stop(.usage, "Standard input can hold the answers or the secret, not both.")
            }
            try take(ReadFile.bytes(path))
        }
        let named = arguments.all("--connector")
        if !named.isEmpty {
            connectors = named
            answers["connectors"] = .array(named.map { .string($0) })
        }
        if let cloud = try arguments.value("--cloud") { answers["cloud"] = .string(cloud) }
        if let end = try arguments.value("--expires") { answers["secretExpires"] = .string(end) }
        if let customer = arguments.words.first {
            guard let id = SetupName.slug(of: customer) else {
                throw Stop(.usage, "No id can be made of \"\(customer)\": \(SetupName.idRule).")
            }
            answers["customer"] = .string(id)
            if id != customer { answers["customerName"] = .string(customer) }
        }
    }

    /// The answers of a row, as a batch gives them.
    init(answers: Object, credentials: Object, connectors: [String]) {
        self.answers = answers
        self.credentials = credentials
        self.connectors = connectors
        if !connectors.isEmpty { self.answers["connectors"] = .array(connectors.map { .string($0) }) }
    }

    /// Takes up a file of answers, in the form of `connection add` with a list of connectors and a way besides.
    private mutating func take(_ bytes: [UInt8]) throws {
        let document: Document
        do { document = try Document(parsing: bytes) } catch {
            throw AnswersRefused([AnswerProblem("", at: error.position, "the file is not JSON: \(error)")])
        }
        guard let object = document.root.objectValue else {
            throw AnswersRefused([
                AnswerProblem("", "the answers must be an object, not \(document.root.kind)")
            ])
        }
        let known = [
            "customer", "customerName", "cloud", "credentials", "start", "secretExpires", "registration",
            "way",
            "connectors", "connector", "name", "streams", "credential", "consentAddress",
        ]
        var problems: [AnswerProblem] = []
        for (key, value) in object where !value.isNull {
            let place = document.position(ofName: Pointer(tokens: [key]))
            switch key {
            case "credentials":
                guard let members = value.objectValue else {
                    problems.append(
                        AnswerProblem("/credentials", at: place, "\"credentials\" must be an object")
                    )
                    continue
                }
                for (name, value) in members {
                    guard value.stringValue != nil else {
                        problems.append(
                            AnswerProblem("/credentials/\(name)", at: place, "\"\(name)\" must be text")
                        )
                        continue
                    }
                    credentials[name] = value
                }
            case "connectors": take(connectors: value, &problems, place)
            case "connector":
                if let id = value.stringValue {
                    add(id, name: object["name"]?.stringValue, object["streams"])
                }
            case "name", "streams": continue
            case _ where known.contains(key):
                guard value.stringValue != nil else {
                    problems.append(
                        AnswerProblem("/" + key, at: place, "\"\(key)\" must be text, not \(value.kind)")
                    )
                    continue
                }
                answers[key] = value
            default:
                problems.append(
                    AnswerProblem(
                        "/" + key,
                        at: place,
                        "unknown key \"\(key)\"; known are \(known.joined(separator: ", "))"
                    )
                )
            }
        }
        if let id = answers["customer"]?.stringValue, !SetupName.isID(id) {
            problems.append(AnswerProblem("/customer", "\"\(id)\" is no id: \(SetupName.idRule)"))
        }
        guard problems.isEmpty else { throw AnswersRefused(problems) }
        if !connectors.isEmpty { answers["connectors"] = .array(connectors.map { .string($0) }) }
    }

    private mutating func take(connectors value: Value, _ problems: inout [AnswerProblem], _ place: Position?)
    {
        for (index, element) in (value.arrayValue ?? []).enumerated() {
            if let id = element.stringValue {
                add(id, name: nil, nil)
            } else if let id = element["connector"]?.stringValue {
                add(id, name: element["name"]?.stringValue, element["streams"])
            } else {
                problems.append(
                    AnswerProblem(
                        "/connectors/\(index)",
                        at: place,
                        "a connector is its id, or an object with \"connector\""
                    )
                )
            }
        }
        if value.arrayValue == nil {
            problems.append(AnswerProblem("/connectors", at: place, "\"connectors\" must be a list"))
        }
    }

    private mutating func add(_ id: String, name: String?, _ streams: Value?) {
        connectors.append(id)
        if let name {
            var names = answers["names"]?.objectValue ?? [:]
            names[id] = .string(name)
            answers["names"] = .object(names)
        }
        if let streams, !streams.isNull {
            var all = answers["streams"]?.objectValue ?? [:]
            all[id] = streams
            answers["streams"] = .object(all)
        }
    }
}
