// SPDX-License-Identifier: Apache-2.0
import Rehearsing
import Testing

@Suite(.timeLimit(.minutes(10)))
struct SetUpTests {
    @Test(arguments: ["secret", "certificate", "federated"])
    func `every kind of credential is made up`(_ kind: String) async throws {
        let field = kind == "secret" ? "client_secret" : "client_assertion"
        let result = try await Playbill().with(
            "token",
            #"{"expect": {"method": "POST", "service": "login", "form": {"\#(field)": "?*"}}, "#
                + #""reply": {"token": {"claims": {"roles": null}}}}"#
        ).given(#""credential": "\#(kind)", "streams": ["Audit.General"], "passes": 2, "every": "PT10M""#)
            .play()
        #expect(result.passed, "\(result.differences)")
    }

    @Test(arguments: ["PT1H", "PT10S"])
    func `a clock ahead of the source's changes nothing`(_ ahead: String) async throws {
        let result = try await Playbill()
            .given(#""ahead": "\#(ahead)", "streams": ["Audit.General"], "passes": 2, "every": "PT10M""#)
            .expecting(#""records": {"Audit.General": 1}, "states": {"Audit.General": "active"}"#).play()
        #expect(result.passed, "\(result.differences)")
    }

    @Test func `history is asked for beside the live windows`() async throws {
        let result = try await Playbill()
            .with("history", #"{"expect": {"path": "*/content"}, "times": "some", "reply": {"json": []}}"#)
            .given(#""start": "P2D", "streams": ["Audit.General"], "passes": 2, "every": "PT10M""#).play()
        #expect(result.passed, "\(result.differences)")
    }

    @Test func `a slow answer is one that does not come`() async throws {
        let result = try await Playbill().changing("list", #""times": 1"#, #""times": "some""#)
            .with(
                "fetch",
                #"{"expect": {"path": "*/audit/one"}, "reply": {"delay": "PT2M", "json": []}, "times": 1}"#
            )
            .with("again", Playbill().exchanges[2].text)
            .expecting(#""records": {"Audit.General": 1}, "gaps": [], "waited": "PT0S""#).play()
        #expect(result.passed, "\(result.differences)")
    }

    @Test func `a play comes out the same each time`() async throws {
        let bill = Playbill().changing("list", #""times": 1"#, #""times": "some""#)
            .with(
                "fetch",
                #"{"expect": {"path": "*/audit/one"}, "reply": {"status": 500}, "times": "any"}"#
            )
            .expecting(#""requests": 1000, "waited": "P1D""#)
        let first = try await bill.play()
        #expect(first.differences.count == 2)
        #expect(try await bill.play() == first)
    }

    @Test func `services without end are told from one that answers`() async throws {
        let result = try await Playbill()
            .with("fetch", #"{"expect": {"path": "*/audit/one"}, "reply": {"status": 429}, "times": "any"}"#)
            .expecting(#""class": "throttle", "records": {"Audit.General": 0}"#).play()
        #expect(result.passed, "\(result.differences)")
    }
}
