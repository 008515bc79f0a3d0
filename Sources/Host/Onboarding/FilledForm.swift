// SPDX-License-Identifier: Apache-2.0
package import Connectors
package import JSON

/// Answers that fit their connector's form: every field looked at, normalised and named.
package struct FilledForm: Sendable {
    package let definition: Definition
    /// The cloud's name, where the connector's services come from one.
    package let cloud: String?
    /// The values that are no secrets, by field.
    package private(set) var values: [String: String]
    /// The chosen streams, in the definition's order.
    package let streams: [String]
    /// What is left out or blackened of each stream's records, in the words of the answers.
    package let select: [String: Value]
    /// Names of fields that can still be found out, by the field that tells them.
    package let discoverable: [String]

    /// Looks at `answers` with the eyes of `definition`, or says everything that is wrong with them.
    ///
    /// `fallbacks` stand in for fields that count as not given, such as a provider's own publisher id.
    package init(
        _ answers: Answers,
        definition: Definition,
        clouds: Clouds,
        fallbacks: [String: String] = [:]
    ) throws(AnswersRefused) {
        var problems: [AnswerProblem] = []
        cloud = Self.cloud(answers, definition, clouds, &problems)
        streams = Self.streams(answers, definition, &problems)
        select = Self.select(answers, definition, streams, &problems)
        (values, discoverable) = Self.values(answers, definition, fallbacks, &problems)
        self.definition = definition
        guard problems.isEmpty else { throw AnswersRefused(problems) }
    }

    /// Takes up what a public document told; an answer that contradicts it is refused.
    package mutating func provide(_ found: String, for name: String, by told: String) throws(AnswersRefused) {
        let found = definition.credential(name)?.normalised(found) ?? found
        if let given = values[name], given != found {
            throw AnswersRefused([
                AnswerProblem(
                    "/credentials/\(name)",
                    "\(label(told)) belongs to \(label(name)) \(found), not to \(given): one of the two is another tenant's"
                )
            ])
        }
        values[name] = found
    }

    /// What tells this set-up from every other one; the same answers give the same identity.
    package var identity: String { definition.identity(cloud: cloud) { values[$0] } }

    /// The tenant, as records and people name it: the first part of the identity that is no cloud.
    package var tenant: String { definition.tenant { values[$0] } }

    /// The application's id, by which a registration is found again.
    package var clientKey: String { values["clientKey"] ?? "" }

    /// The values as the ledger keeps them.
    package var kept: Value {
        .object(Object(values.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }))
    }

    private func label(_ name: String) -> String { definition.credential(name)?.label ?? name }
}

extension FilledForm {
    private static func cloud(
        _ answers: Answers,
        _ definition: Definition,
        _ clouds: Clouds,
        _ problems: inout [AnswerProblem]
    ) -> String? {
        guard definition.usesCloud else {
            if answers.cloud != nil {
                problems.append(
                    AnswerProblem("/cloud", "\(definition.title) has no clouds to choose from; leave it out")
                )
            }
            return nil
        }
        let name = answers.cloud ?? Clouds.usual
        if clouds[name] == nil {
            let known = clouds.names.joined(separator: ", ")
            problems.append(AnswerProblem("/cloud", "there is no cloud \"\(name)\"; there are \(known)"))
        }
        return name
    }

    private static func streams(
        _ answers: Answers,
        _ definition: Definition,
        _ problems: inout [AnswerProblem]
    ) -> [String] {
        guard let chosen = answers.streams else {
            let enabled = definition.streams.filter(\.enabledByDefault)
            let asked = enabled.filter { !$0.isDerived }.map(\.id)
            return enabled.filter { $0.from.allSatisfy(asked.contains) }.map(\.id)
        }
        for (index, name) in chosen.enumerated() where definition.stream(name) == nil {
            let known = definition.streams.map(\.id).joined(separator: ", ")
            problems.append(
                AnswerProblem(
                    "/streams/\(index)",
                    definition.retirement(ofStream: name)
                        ?? "\(definition.id) has no stream \"\(name)\"; it has \(known)"
                )
            )
        }
        for (index, name) in chosen.enumerated() {
            let missing = (definition.stream(name)?.from ?? []).filter { !chosen.contains($0) }
            guard !missing.isEmpty else { continue }
            problems.append(
                AnswerProblem(
                    "/streams/\(index)",
                    "\(name) is made of the records of \(missing.joined(separator: ", ")), which must be chosen too"
                )
            )
        }
        return definition.streams.map(\.id).filter(chosen.contains)
    }

    /// The selections, each looked at with the eyes of the language and of the stream it is for.
    private static func select(
        _ answers: Answers,
        _ definition: Definition,
        _ streams: [String],
        _ problems: inout [AnswerProblem]
    ) -> [String: Value] {
        for (name, value) in answers.select.sorted(by: { $0.key < $1.key }) {
            let at = Pointer(tokens: ["select", name])
            guard streams.contains(name), let stream = definition.stream(name) else {
                let known = streams.joined(separator: ", ")
                problems.append(
                    AnswerProblem(
                        at.description,
                        "\"\(name)\" is none of the chosen streams; they are \(known)"
                    )
                )
                continue
            }
            guard !stream.isDerived else {
                problems.append(
                    AnswerProblem(
                        at.description,
                        "\"\(name)\" is made of records of \(stream.from.joined(separator: ", ")); select there"
                    )
                )
                continue
            }
            let (selection, findings) = RecordSelection.read(value)
            problems += findings.map { finding in
                AnswerProblem(
                    at.description + finding.pointer.description,
                    "\(finding.message) \(finding.fix)"
                )
            }
            // The envelope of every record says when it happened.
            if let time = stream.eventTime, selection?.redact.contains(time) ?? false {
                problems.append(
                    AnswerProblem(
                        at.appending("redact").description,
                        "\(time) is the record's time, which stands beside it in the open; leave it as it is"
                    )
                )
            }
        }
        return answers.select
    }

    private static func values(
        _ answers: Answers,
        _ definition: Definition,
        _ fallbacks: [String: String],
        _ problems: inout [AnswerProblem]
    ) -> (values: [String: String], discoverable: [String]) {
        let fields = definition.credentials
        for name in answers.credentials.keys.sorted() where !fields.contains(where: { $0.name == name }) {
            let known = fields.filter { !$0.isSecret }.map(\.name).joined(separator: ", ")
            problems.append(
                AnswerProblem(
                    pointer(name),
                    "\(definition.id) has no credential \"\(name)\"; it has \(known)"
                )
            )
        }
        var given: [String: String] = [:]
        for field in fields where !field.isSecret {
            if let value = answers.credentials[field.name] { given[field.name] = field.normalised(value) }
        }
        var values: [String: String] = [:]
        var discoverable: [String] = []
        for field in fields {
            if field.isSecret {
                if answers.credentials[field.name] != nil {
                    problems.append(AnswerProblem(pointer(field.name), secretsApart(field)))
                }
                continue
            }
            let answer = answers.credentials[field.name]
            guard let answer, !field.isAbsent(answer, among: given) else {
                if let stand = fallbacks[field.name] ?? field.default, !field.isAbsent(stand, among: given) {
                    values[field.name] = field.normalised(stand)
                } else if let other = field.requiredUnless, given[other] != nil {
                    discoverable.append(field.name)
                } else if field.isRequired || field.requiredUnless != nil {
                    let or = field.requiredUnless.map { ", and so is \($0), which would do instead" } ?? ""
                    let place = field.where.map { " (\($0))" } ?? ""
                    problems.append(
                        AnswerProblem(
                            pointer(field.name),
                            "\(field.label) \"\(field.name)\" is missing\(or)\(place)"
                        )
                    )
                }
                continue
            }
            let wrong = field.problems(with: answer, among: given)
            problems += wrong.map { AnswerProblem(pointer(field.name), $0) }
            if wrong.isEmpty { values[field.name] = field.normalised(answer) }
        }
        return (values, discoverable)
    }

    private static func secretsApart(_ field: CredentialField) -> String {
        let way =
            switch field.kind {
            case .certificate: "--certificate FILE"
            case .federated: "--federated-token-file FILE"
            default: "--secret-file FILE or --secret-stdin"
            }
        return "\(field.label) is a secret and must not stand in the answers; give it with \(way)"
    }

    private static func pointer(_ name: String) -> String {
        Pointer(tokens: ["credentials", name]).description
    }
}
