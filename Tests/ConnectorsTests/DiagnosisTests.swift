// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import TestSupport
import Testing

@Suite("Why an answer is taken for what it is")
struct DiagnosisTests {
    private let now = Timestamp(seconds: 1_700_000_000)

    private func definition() throws -> Definition {
        try Shelf(shipped: Repository.connectors).definition("office365-management")
    }

    @Test func `names the same rule as collecting would, for every answer of every shipped test`() throws {
        var count = 0
        for item in try Shelf(shipped: Repository.connectors).items {
            let definition = try #require(item.definition)
            for answer in Shelf.inspect(folder: item.folder).rehearsals.flatMap(\.rehearsal.answers) {
                let ask = Definition.Ask(service: answer.service, step: answer.step)
                let diagnosis = definition.diagnose(answer.reply, as: ask, now: now)
                #expect(diagnosis.verdict?.rule == answer.rule)
                #expect(diagnosis.trials.dropLast().allSatisfy { $0.misfit != nil })
                if let rule = answer.rule {
                    #expect(diagnosis.trials.last?.rule == rule && diagnosis.trials.last?.misfit == nil)
                }
                count += 1
            }
        }
        #expect(count > 50)
    }

    @Test func `reads what curl prints, interim answers and proxies passed over`() throws {
        let text =
            "HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"
            + "HTTP/2 401 \r\ncontent-type: application/json\r\nretry-after:  7\r\n\r\n"
            + #"{"error":{"code":"AF10001","message":"The permission set () sent in the request."}}"#
        let sample = try AnswerSample.read(Array(text.utf8), file: "answer.txt")
        #expect(sample.reply.status == 401)
        #expect(sample.reply.headers.map(\.name) == ["content-type", "retry-after"])
        #expect(sample.reply.headers.last?.value == "7")
        #expect(sample.reply.body.first == UInt8(ascii: "{"))
        let diagnosis = try #require(
            try definition().diagnose(sample.reply, service: nil, step: nil, now: now)
        )
        #expect(diagnosis.verdict?.rule == "no-permission-at-all")
        #expect(diagnosis.isOwn && diagnosis.ask == Definition.Ask(service: "manage", step: .list))
        #expect(diagnosis.trials.first?.misfit?.asks == "code")
        #expect(diagnosis.trials.first?.misfit?.found == "AF10001")
        #expect(diagnosis.trials.last?.conditions.map(\.asks) == ["service", "code", "a text"])
    }

    @Test func `finds the kind of request that has a rule of its own`() throws {
        let text =
            "HTTP/1.1 401 Unauthorized\n\n"
            + #"{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret.","error_codes":[7000215]}"#
        let sample = try AnswerSample.read(Array(text.utf8), file: "-")
        let diagnosis = try #require(
            try definition().diagnose(sample.reply, service: nil, step: nil, now: now)
        )
        #expect(diagnosis.ask == Definition.Ask(service: "login", step: .token))
        #expect(diagnosis.verdict?.rule == "secret-wrong")
    }

    @Test func `reads the answer of a test, with service, step and trouble`() throws {
        let answer = #"{"service": "manage", "step": "fetch", "trouble": "timed-out"}"#
        let sample = try AnswerSample.read(Array(answer.utf8), file: "answer.json")
        #expect(sample.service == "manage" && sample.step == .fetch)
        let diagnosis = try #require(
            try definition().diagnose(sample.reply, service: sample.service, step: sample.step, now: now)
        )
        #expect(diagnosis.verdict?.rule == "host.broken-off" && !diagnosis.isOwn)
        #expect(try definition().diagnose(sample.reply, service: "else", step: nil, now: now) == nil)
    }

    @Test(arguments: [
        ("", "status line"), ("hello", "status line"), ("HTTP/1.1 9 no\n\n", "status line"),
        ("HTTP/1.1 400 Bad\nno header here\n\n", "no header"), ("{", "no JSON"),
        (#"{"error": {}}"#, "\"error\" is no key"),
        (#"{"status": 400, "text": "a", "json": 1}"#, "more than one"),
        (#"{"status": 4000}"#, "4000"),
    ])
    func `says what is wrong with a file that holds no answer`(_ text: String, _ says: String) {
        let failure = #expect(throws: ConnectorFailure.self) {
            try AnswerSample.read(Array(text.utf8), file: "answer.txt")
        }
        #expect(failure?.description.contains(says) == true, "\(String(describing: failure))")
    }

    @Test func `calls a success a success`() throws {
        let sample = try AnswerSample.read(Array("HTTP/1.1 200 OK\n\n[]".utf8), file: "-")
        let diagnosis = try #require(
            try definition().diagnose(sample.reply, service: nil, step: nil, now: now)
        )
        #expect(diagnosis.verdict == nil && !diagnosis.isOwn)
    }
}
