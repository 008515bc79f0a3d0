// SPDX-License-Identifier: Apache-2.0

extension ErrorRule {
    /// One thing that a rule asks of an answer, what the answer has there, and whether it fits.
    package struct Condition: Sendable, Equatable {
        /// What is looked at, such as `status` or `code`.
        package let asks: String
        /// What the rule wants to see there.
        package let wanted: String
        /// What the answer has there.
        package let found: String
        /// Whether it is what the rule wants.
        package let fits: Bool
    }

    /// The parts of a match, in the order in which they are looked at.
    enum Part: String, CaseIterable {
        case transport, service, step, status, code
        case all = "all texts"
        case any = "a text"
        case condition
    }

    /// Whether one part of the match fits; `nil` where the rule does not ask for it.
    func fits(_ part: Part, _ answer: Answer) -> Bool? {
        switch part {
        case .transport:
            guard let trouble = answer.trouble else { return match.transport.isEmpty ? nil : false }
            return match.transport.contains(trouble)
        case .service: return match.service.isEmpty ? nil : match.service.contains(answer.service)
        case .step: return match.step.isEmpty ? nil : match.step.contains(answer.step)
        case .status:
            return match.status.isEmpty ? nil : match.status.contains { $0.fits(answer.status) }
        case .code: return match.code.isEmpty ? nil : match.code.contains(where: answer.codes.contains)
        case .all: return match.all.isEmpty ? nil : match.all.allSatisfy(answer.words.contains)
        case .any: return match.any.isEmpty ? nil : match.any.contains(where: answer.words.contains)
        case .condition: return match.condition?.holds(in: answer.bindings)
        }
    }

    /// Everything that the rule asks of `answer`, in the order in which it is looked at.
    package func conditions(on answer: Answer) -> [Condition] {
        Part.allCases.compactMap { part in
            fits(part, answer).map { fits in
                Condition(
                    asks: part.rawValue,
                    wanted: wanted(part),
                    found: found(part, answer, fits),
                    fits: fits
                )
            }
        }
    }

    private func wanted(_ part: Part) -> String {
        func list(_ words: [String]) -> String { words.joined(separator: " or ") }
        switch part {
        case .transport:
            return match.transport.isEmpty ? "an answer" : list(match.transport.map(\.rawValue))
        case .service: return list(match.service)
        case .step: return list(match.step.map(\.rawValue))
        case .status: return list(match.status.map(\.words))
        case .code: return list(match.code)
        case .all: return match.all.map { "\"\($0)\"" }.joined(separator: " and ")
        case .any: return list(match.any.map { "\"\($0)\"" })
        case .condition: return match.condition?.source ?? ""
        }
    }

    private func found(_ part: Part, _ answer: Answer, _ fits: Bool) -> String {
        switch part {
        case .transport: answer.trouble?.rawValue ?? "an answer"
        case .service: answer.service
        case .step: answer.step.rawValue
        case .status: answer.status == 0 ? "none" : String(answer.status)
        case .code: answer.codes.isEmpty ? "none" : answer.codes.joined(separator: ", ")
        case .all:
            match.all.first { !answer.words.contains($0) }.map { "not \"\($0)\"" } ?? "all of them"
        case .any: match.any.first(where: answer.words.contains).map { "\"\($0)\"" } ?? "none of them"
        case .condition: fits ? "it holds" : "it does not hold"
        }
    }
}

extension ErrorRule.StatusPattern {
    /// The pattern as definitions write it.
    package var words: String {
        switch self {
        case .exactly(let status): String(status)
        case .hundred(let digit): "\(digit)xx"
        }
    }
}
