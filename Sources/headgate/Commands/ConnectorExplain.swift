// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import JSON

extension Command {
    static let connectorExplain = Command(
        name: "connector explain",
        synopsis: "CONNECTOR [CODE] [--service NAME] [--status N] [--body FILE] [--json]",
        summary: "explains what an error of a service means and what to do",
        help: """
            Without more, lists the connector's error rules in the order in which they are tried.
            `headgate connector explain error FILE` says the same of a whole answer, and why.
            With CODE, an error code or words of a message, explains the rules that mention it.
            With --status or --body, an answer as it came, says which rule it fits and what follows.
            """,
        options: ["--service", "--status", "--body"],
        flags: ["--json"],
        words: 1...2
    ) { invocation in
        let arguments = invocation.arguments
        let definition = try invocation.place.shelf().definition(arguments.words[0])
        let found: [Explanation]
        if let answer = try answer(arguments, definition) {
            guard let verdict = definition.classify(answer, now: SystemTime().now) else {
                invocation.say("That answer is a success: no rule claims it.")
                return .done
            }
            found = [Explanation(verdict, definition)]
        } else if let code = arguments.words.dropFirst().first {
            found = definition.errors.filter { $0.mentions(code) }.map { Explanation($0, definition) }
            if found.isEmpty {
                throw Stop(
                    .notWell,
                    "No rule of \(definition.id) mentions \"\(code)\"; leave it out to list them all."
                )
            }
        } else {
            found = definition.errors.map { Explanation($0, definition) }
        }
        if arguments.has("--json") {
            invocation.output.json(["schema": 1, "rules": .array(found.map(\.json))])
        } else if found.count > 3 {
            var table = Table("rule", "class", "action", "matches", "remedy")
            for item in found {
                table.add(item.rule, item.faultClass, item.action, item.matches, item.remedy?.id ?? "-")
            }
            invocation.output.table(table)
        } else {
            for line in found.flatMap(\.lines) { invocation.output.line(line) }
        }
        return .done
    }

    /// The answer that the options describe, if they do.
    private static func answer(_ arguments: Arguments, _ definition: Definition) throws -> Answer? {
        let (status, body) = (try arguments.value("--status"), try arguments.value("--body"))
        guard status != nil || body != nil else { return nil }
        let number = Int(status ?? "400") ?? 0
        guard (100...599).contains(number) else {
            throw Misuse.badValue(option: "--status", value: status ?? "", wanted: "an HTTP status")
        }
        let service = try arguments.value("--service") ?? definition.services.last?.name ?? ""
        guard definition.service(service) != nil else {
            let known = definition.services.map(\.name).joined(separator: ", ")
            throw Misuse.badValue(option: "--service", value: service, wanted: "one of \(known)")
        }
        return Answer(
            of: definition.service(service),
            service: service,
            step: .list,
            status: number,
            body: try body.map { try ReadFile.bytes($0) } ?? []
        )
    }
}

/// A rule in words.
private struct Explanation {
    let rule: String
    let faultClass: String
    let action: String
    let matches: String
    let say: String?
    let remedy: Remedy?

    init(_ rule: ErrorRule, _ definition: Definition) {
        self.rule = rule.id
        faultClass = rule.faultClass.rawValue
        action = rule.action.rawValue
        matches = rule.matchWords
        say = rule.say
        remedy = rule.remedy.flatMap { definition.remedy($0) }
    }

    init(_ verdict: Verdict, _ definition: Definition) {
        rule = verdict.rule
        faultClass = verdict.faultClass.rawValue
        action = verdict.action.rawValue
        matches = definition.errors.first { $0.id == verdict.rule }?.matchWords ?? "any connector"
        say = verdict.message
        remedy = verdict.remedy.flatMap { definition.remedy($0) }
    }

    var json: Value {
        [
            "rule": .string(rule), "class": .string(faultClass), "action": .string(action),
            "matches": .string(matches), "say": say.map { .string($0) } ?? .null,
            "remedy": remedy?.page ?? .null,
        ]
    }

    var lines: [String] {
        var lines = ["\(rule): class \(faultClass), action \(action)", "  matches: \(matches)"]
        if let say { lines.append("  means: \(say)") }
        return lines + (remedy?.lines ?? [])
    }
}

extension Remedy {
    /// The remedy for machines.
    var page: Value {
        [
            "id": .string(id), "title": .string(title), "cause": .string(cause),
            "steps": .array(steps.map { .string($0) }), "who": .string(who),
            "where": self.where.map { .string($0) } ?? .null, "takes": .string(takes), "next": .string(next),
        ]
    }

    /// The remedy for people.
    var lines: [String] {
        ["  \(title)", "    why: \(cause)"]
            + steps.enumerated().map { "    \($0.offset + 1). \($0.element)" }
            + ["    who: \(who)"] + (self.where.map { ["    where: \($0)"] } ?? [])
            + ["    takes: \(takes)", "    then: \(next)"]
    }
}

extension ErrorRule {
    fileprivate func mentions(_ code: String) -> Bool {
        let words = match.code + match.all + match.any + [id]
        return words.contains { $0.lowercased().contains(code.lowercased()) }
    }

    fileprivate var matchWords: String {
        var parts: [String] = []
        if !match.service.isEmpty { parts.append("service " + match.service.joined(separator: "|")) }
        if !match.status.isEmpty {
            parts.append("status " + match.status.map(\.words).joined(separator: "|"))
        }
        if !match.code.isEmpty { parts.append("code " + match.code.joined(separator: "|")) }
        parts += (match.all + match.any).map { "\"\($0)\"" }
        if let condition = match.condition { parts.append(condition.source) }
        if !match.transport.isEmpty { parts.append(match.transport.map(\.rawValue).joined(separator: "|")) }
        return parts.joined(separator: ", ")
    }
}
