// SPDX-License-Identifier: Apache-2.0
import Basics

extension Rehearsal {
    /// What the definition takes differently from what this test expects, a sentence each; empty when all is well.
    package func misclassified(by definition: Definition) -> [String] {
        answers.enumerated().flatMap { i, answer in
            answer.differences(by: definition, now: given.now).map { "answer \(i + 1): \($0)" }
        }
    }
}

extension Rehearsal.ClassifiedAnswer {
    fileprivate func differences(by definition: Definition, now: Timestamp) -> [String] {
        let answer = Answer(
            of: definition.service(service),
            service: service,
            step: step,
            status: reply.status,
            headers: reply.headers,
            body: reply.body,
            trouble: reply.trouble
        )
        let verdict = definition.classify(answer, now: now)
        guard verdict?.rule == rule else {
            return [
                "expected \(rule.map { "the rule \($0)" } ?? "a success"), got \(verdict?.rule ?? "a success")"
            ]
        }
        var differences: [String] = []
        func compare<Part: Equatable>(_ what: String, _ expected: Part?, _ got: Part?) {
            guard let expected, expected != got else { return }
            differences.append("expected the \(what) \(expected), got \(got.map { "\($0)" } ?? "none")")
        }
        compare("class", faultClass?.rawValue, verdict?.faultClass.rawValue)
        compare("action", action?.rawValue, verdict?.action.rawValue)
        compare("remedy", remedy, verdict?.remedy)
        compare("wait", wait?.iso8601, verdict?.wait?.iso8601)
        compare("code", code, verdict?.code)
        return differences
    }
}
