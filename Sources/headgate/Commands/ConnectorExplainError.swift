// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import JSON

extension Command {
    static let connectorExplainError = Command(
        name: "connector explain error",
        synopsis: "FILE [--connector ID] [--service NAME] [--step STEP] [--json]",
        summary: "says which rule an answer fits, why, and why none before it",
        help: """
            FILE holds an answer of a service: what `curl -i` prints (status line, headers, blank line, body), or the
            JSON of an "answer" as a definition's tests have it; - reads standard input. Shows the rule that decides
            with each of its conditions, for each rule before it the first condition that did not fit, and what
            follows: class, action, wait and remedy.

              --connector ID   this definition; without it those that know the answer by their own rules
              --service NAME   the service that answered; without it the likeliest
              --step STEP      what the request was for: list, fetch, before, token, probe
              --json           for machines; docs/schemas/connector-explain-error.json describes it
            """,
        options: ["--connector", "--service", "--step"],
        flags: ["--json"],
        words: 1...1
    ) { invocation in
        let arguments = invocation.arguments
        let file = arguments.words[0]
        let sample: AnswerSample
        do { sample = try AnswerSample.read(ReadFile.bytes(file), file: file) } catch let failure
            as ConnectorFailure
        {
            throw Stop(.usage, failure.description)
        }
        let diagnoses = try diagnoses(of: sample, arguments, invocation.place.shelf())
        if arguments.has("--json") {
            invocation.output.json([
                "schema": 1, "file": .string(file),
                "status": sample.reply.status == 0 ? .null : .int(Int64(sample.reply.status)),
                "explanations": .array(diagnoses.map { $0.diagnosis.json(of: $0.definition) }),
            ])
            return .done
        }
        for (index, item) in diagnoses.enumerated() {
            if index > 0 { invocation.output.line("") }
            for line in item.diagnosis.lines(of: item.definition) { invocation.output.line(line) }
        }
        return .done
    }

    private static func diagnoses(of sample: AnswerSample, _ arguments: Arguments, _ shelf: Shelf) throws
        -> [(definition: Definition, diagnosis: Diagnosis)]
    {
        let service = try arguments.value("--service") ?? sample.service
        let word = try arguments.value("--step")
        let step = word.flatMap { Answer.Step(rawValue: $0) }
        if let word, step == nil {
            let known = Answer.Step.allCases.map(\.rawValue).joined(separator: ", ")
            throw Misuse.badValue(option: "--step", value: word, wanted: "one of \(known)")
        }
        let now = SystemTime().now
        func diagnose(_ definition: Definition) -> (definition: Definition, diagnosis: Diagnosis)? {
            definition.diagnose(sample.reply, service: service, step: step ?? sample.step, now: now).map {
                (definition, $0)
            }
        }
        if let id = try arguments.value("--connector") {
            let definition = try shelf.definition(id)
            guard let found = diagnose(definition) else {
                let known = definition.services.map(\.name).joined(separator: ", ")
                throw Misuse.badValue(
                    option: "--service",
                    value: service ?? "",
                    wanted: "one of \(known), the services of \(id)"
                )
            }
            return [found]
        }
        let all = shelf.items.compactMap(\.definition).compactMap(diagnose)
        let own = all.filter(\.diagnosis.isOwn)
        // A status alone is known to many; a code or words are known to the one that is meant.
        let telling = own.filter(\.diagnosis.isTelling)
        if !own.isEmpty { return telling.isEmpty ? own : telling }
        // What no definition knows by itself means the same in all of them.
        guard let first = all.first else {
            throw Stop(.usage, "No connector has a service \"\(service ?? "")\"; leave --service out.")
        }
        return [first]
    }
}

extension Diagnosis {
    fileprivate func json(of definition: Definition) -> Value {
        let tried = trials.map { trial -> Value in
            [
                "rule": .string(trial.rule), "fits": .bool(trial.misfit == nil),
                "conditions": .array(
                    trial.conditions.map { condition -> Value in
                        [
                            "asks": .string(condition.asks), "wanted": .string(condition.wanted),
                            "found": .string(condition.found), "fits": .bool(condition.fits),
                        ]
                    }
                ),
            ]
        }
        return [
            "connector": .string(definition.id), "version": .string(definition.version),
            "service": .string(ask.service), "step": .string(ask.step.rawValue),
            "rule": .text(verdict?.rule), "own": .bool(isOwn), "class": .text(verdict?.faultClass.rawValue),
            "action": .text(verdict?.action.rawValue),
            "wait": verdict?.wait.map { .int($0.wholeSeconds) } ?? .null, "code": .text(verdict?.code),
            "say": .text(verdict?.message), "gap": .bool(verdict?.isGap ?? false), "tried": .array(tried),
            "remedy": verdict?.remedy.flatMap { definition.remedy($0) }?.page ?? .null,
        ]
    }

    fileprivate func lines(of definition: Definition) -> [String] {
        var lines = [
            "\(definition.id) \(definition.version): as an answer of the service \(ask.service) to a "
                + "\(ask.step.rawValue) request"
        ]
        for trial in trials {
            if let misfit = trial.misfit {
                lines.append(
                    "  \(trial.rule): no, \(misfit.asks) should be \(misfit.wanted) and is \(misfit.found)"
                )
            } else {
                lines.append("  \(trial.rule): fits")
                lines += trial.conditions.map { "      \($0.asks) is \($0.wanted): \($0.found)" }
            }
        }
        guard let verdict else { return lines + ["A success: no rule claims it."] }
        if !isOwn {
            lines.append("No rule of \(definition.id) fits; \(verdict.rule) is the host's own.")
        }
        let wait =
            verdict.wait.map { ", wait \($0.spoken)" }
            ?? (verdict.action == .wait ? ", wait in growing steps" : "")
        lines += [
            "\(verdict.rule): class \(verdict.faultClass.rawValue), action \(verdict.action.rawValue)\(wait)"
                + (verdict.isGap ? ", a gap" : ""),
            "  means: \(verdict.message)",
        ]
        return lines + (verdict.remedy.flatMap { definition.remedy($0) }?.lines ?? [])
    }
}

extension Value {
    /// A text, or null where there is none.
    fileprivate static func text(_ text: String?) -> Value { text.map { .string($0) } ?? .null }
}
