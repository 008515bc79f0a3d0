// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import JSON
import TestSupport
import Testing

@Suite("Answers")
struct AnswerTests {
    private let definition: Definition
    private let now = Timestamp(seconds: 1_795_262_400)

    init() throws {
        definition = try Shelf(shipped: Repository.connectors).definition("office365-management")
    }

    private func verdict(_ status: Int, _ text: String, service: String = "manage") -> Verdict? {
        let answer = Answer(
            of: definition.service(service),
            service: service,
            step: .list,
            status: status,
            body: Array(text.utf8)
        )
        return definition.classify(answer, now: now)
    }

    @Test func `are a success only where no rule claims them`() {
        #expect(verdict(200, "[]") == nil)
        #expect(verdict(204, "") == nil)
        #expect(verdict(404, "")?.faultClass == .bug)
    }

    @Test(arguments: [
        "", "<html>", "null", "[]", "\"text\"", "{\"error\":null}", "{\"error\":{\"code\":{}}}", "\u{FEFF}{}",
        "{\"error\":\"x\"}",
    ])
    func `survive bodies of any shape`(_ body: String) {
        for status in [0, 100, 302, 400, 401, 403, 404, 407, 408, 410, 429, 500, 503, 599] {
            let verdict = verdict(status, body)
            #expect(verdict != nil || status == 0)
        }
    }

    @Test func `show the service's first line without its trace`() {
        let body = #"{"error":{"code":"AF99999","message":"Odd thing. Trace ID: 1\r\n   at Somewhere"}}"#
        #expect(verdict(400, body)?.message == "Odd thing.")
        #expect(verdict(400, body)?.code == "AF99999")
    }

    @Test func `have a remedy for every class that a person must act on, the host's rules included`() {
        for status in 100...599 where !(200...299).contains(status) {
            guard let verdict = verdict(status, ""), verdict.faultClass.isBlocking else { continue }
            #expect(verdict.remedy.flatMap { definition.remedy($0) } != nil, "\(status)")
        }
    }

    @Test func `say how long to wait only within reason`() throws {
        let wait = verdict(
            403,
            #"{"error":{"code":"429","message":"Please retry again after 999999m 1s."}}"#
        )?.wait
        #expect(wait == .minutes(20))
        let past = Answer(
            of: nil,
            service: "manage",
            step: .list,
            status: 429,
            headers: [("Retry-After", "Sat, 21 Nov 2020 12:00:00 GMT")]
        )
        #expect(definition.classify(past, now: now)?.wait == .zero)
    }

    @Test(arguments: [
        ("2026-11-21T12:00:00Z", Duration.seconds(42)), ("2026-11-21T11:00:00Z", .minutes(5)),
        ("2026-11-21T13:00:00Z", .zero),
    ])
    func `read a wait that ends at a second of the service's clock, which the answer tells`(
        date: String,
        wanted: Duration
    ) throws {
        let (read, findings) = Definition.read(try Mutation.base("general"))
        let definition = try #require(read, "\(findings)")
        let end = try #require(Timestamp(iso8601: "2026-11-21T12:00:42Z"))
        let answered = try #require(Timestamp(iso8601: date))
        func wait(_ headers: [(String, String)], now: Timestamp) -> Duration? {
            let answer = Answer(of: nil, service: "api", step: .list, status: 429, headers: headers)
            return definition.classify(answer, now: now)?.wait
        }
        let reset = ("x-rate-limit-reset", String(end.seconds))
        #expect(wait([reset], now: answered) == wanted)
        // This machine's clock may be days off.
        #expect(wait([reset, ("Date", answered.httpDate)], now: answered - .days(3)) == wanted)
        #expect(wait([("x-rate-limit-reset", "soon")], now: answered) == nil)
    }

    @Test func `leave names in capitals where a remedy's are not known`() throws {
        let remedy = try #require(definition.remedy("grant-permission"))
        #expect(remedy.next == "headgate test PATH")
        #expect(remedy.where == nil)
    }
}
