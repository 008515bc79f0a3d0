// SPDX-License-Identifier: Apache-2.0
import Rehearsing
import Testing

@Suite(.timeLimit(.minutes(10)))
struct WrongTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let what: String
        let bill: @Sendable (Playbill) -> Playbill
        /// What the differences say, in order.
        let says: [String]
        var testDescription: String { what }

        init(_ what: String, _ says: String..., bill: @escaping @Sendable (Playbill) -> Playbill) {
            self.what = what
            self.bill = bill
            self.says = says
        }
    }

    @Test func `the play itself passes`() async throws {
        let result = try await Playbill().play()
        #expect(result.passed, "\(result.differences)")
        // A token, two looks at most, a list for each pass that has a window, and the content.
        #expect(result.requests == 4, "\(result.requests)")
    }

    @Test(arguments: conversations + expectations)
    func `a test that is wrong says where and what came instead`(_ row: Case) async throws {
        let result = try await row.bill(Playbill()).play()
        let said = result.differences.map(\.description)
        #expect(said.count == row.says.count, "\(said)")
        for (said, wanted) in zip(said, row.says) { #expect(said.contains(wanted), "\(said)") }
    }

    static let conversations = [
        Case("a request without an exchange", "http: request 4 has no exchange: GET manage /api/v1.0/") {
            $0.without("fetch")
        },
        Case(
            "a request like an exchange",
            "http[1] comes nearest, but wants the query contentType=DLP.All, not Audit"
        ) {
            $0.changing("list", #"content"}"#, #"content", "query": {"contentType": "DLP.All"}}"#)
        },
        Case("a request with another method", "http[2] comes nearest, but wants POST") {
            $0.changing("fetch", #""service""#, #""method": "POST", "service""#)
        },
        Case("an exchange of another pass", "http[1] would fit, but in pass 1 only") {
            $0.changing("list", #""pass": 2"#, #""pass": 1"#)
        },
        Case("an exchange that is used up", "http[1] would fit, but was used once already") {
            $0.given(#""streams": ["Audit.General"], "passes": 3, "every": "PT10M""#)
                .changing("list", #", "pass": 2"#, "")
        },
        Case(
            "an exchange nobody asks for",
            "http[3]: POST manage /api/v1.0/*/activity/feed/subscriptions/start?contentType=Audit.General was to be "
                + "asked once, and came never"
        ) {
            $0.with(
                "start",
                #"{"expect": {"method": "POST", "service": "manage", "query": {"contentType": "Audit.General"}, "#
                    + #""path": "/api/v1.0/*/activity/feed/subscriptions/start"}, "reply": {"json": {}}}"#
            )
        },
        Case(
            "an exchange asked for too seldom",
            "http[1]: a request manage /api/v1.0/*/activity/feed/subscriptions/content was to be asked 2 times, "
                + "and came once"
        ) {
            $0.changing("list", #""times": 1"#, #""times": 2"#)
        },
        Case(
            "a cloud that is not there",
            "given: the test could not be run: \"given\" names the cloud \"mars\""
        ) {
            $0.given(#""cloud": "mars""#)
        },
    ]

    static let expectations = [
        Case("other records", "then.records.Audit.General: expected 2, got 1") {
            $0.expecting(#""records": {"Audit.General": 2}"#)
        },
        Case("other counts", "then.counts.Audit.General.duplicate: expected 3, got 0") {
            $0.expecting(#""counts": {"Audit.General": {"listed": 1, "fetched": 1, "duplicate": 3}}"#)
        },
        Case(
            "another state",
            "then.states.Audit.General: expected active, got pending; the cause is shape: the list is not the JSON"
        ) {
            $0.without("fetch").expecting(#""states": {"Audit.General": "active"}"#)
                .with(
                    "list",
                    #"{"expect": {"path": "*/content"}, "times": "some", "reply": {"text": "<html>"}}"#
                )
        },
        Case("a class that is not there", "then.class: expected auth, got nothing") {
            $0.expecting(#""class": "auth""#)
        },
        Case("a remedy that is not there", "then.remedy: expected secret-wrong, got nothing") {
            $0.expecting(#""remedy": "secret-wrong""#)
        },
        Case(
            "a gap that is not there",
            "then.gaps[0]: expected a gap of kind item, class gone, item one in Audit.General, and none is there"
        ) {
            $0.expecting(
                #""gaps": [{"stream": "Audit.General", "kind": "item", "cause": "gone", "item": "one"}]"#
            )
        },
        Case(
            "a gap too many",
            "then.gaps: expected no more, got a gap of kind item, class gone, item one in Audit"
        ) {
            $0.expecting(#""gaps": []"#)
                .changing("fetch", #""reply": {"#, #""reply": {"status": 404, "#)
        },
        Case(
            "an instant too late",
            "then.caughtUpTo.Audit.General: expected 2026-11-21T12:09:00Z, got 2026-11-21T12:08"
        ) {
            $0.expecting(#""caughtUpTo": {"Audit.General": "2026-11-21T12:09:00Z"}"#)
        },
        Case("more requests", "then.requests: expected 5, got 4") { $0.expecting(#""requests": 5"#) },
        Case("a longer wait", "then.waited: expected PT1M or more, got PT0S") {
            $0.expecting(#""waited": "PT1M""#)
        },
        Case("results of another kind of test", "then.steps: a stream test has none of these: leave it out") {
            $0.expecting(#""steps": {"token": "pass"}"#)
        },
        Case(
            "several at once",
            "then.requests: expected 1, got 4",
            "then.records.Audit.General: expected 0, got 1"
        ) {
            $0.expecting(#""records": {"Audit.General": 0}, "requests": 1"#)
        },
    ]

    @Test func `a rule that does not fit is said with the one that does`() async throws {
        let result = try await Playbill.play(
            #"{"name": "A", "kind": "classify", "answers": [{"answer": {"service": "manage", "status": 429}, "#
                + #""expect": {"rule": "audit-off"}}]}"#
        )
        let said = result.differences.map(\.description)
        #expect(said == ["answers: answer 1: expected the rule audit-off, got throttled-plainly"])
    }
}
