// SPDX-License-Identifier: Apache-2.0
import Rehearsing
import Testing

@Suite(.timeLimit(.minutes(10)))
struct WrongProbeTests {
    private static let tenant = "b86ab9d4-0000-4b11-8a06-7a8f91b47fbd"

    /// A connection test in which nothing has come yet.
    private static let bill = Playbill(
        exchanges: [
            (
                "discovery",
                #"{"expect": {"service": "login", "path": "/*/v2.0/.well-known/openid-configuration"}, "#
                    + #""reply": {"json": {"issuer": "https://login.microsoftonline.com/\#(tenant)/v2.0"}}}"#
            ),
            (
                "look",
                #"{"expect": {"service": "manage", "path": "*/subscriptions/list"}, "times": "any", "#
                    + #""reply": {"json": [{"contentType": "Audit.General", "status": "enabled"}]}}"#
            ),
            (
                "list",
                #"{"expect": {"service": "manage", "path": "*/content"}, "times": "some", "reply": {"json": []}}"#
            ),
        ],
        given: #""streams": ["Audit.General"]"#,
        then: #""steps": {"token": "pass", "audit": "unknown", "read/Audit.General": "pass-empty"}"#,
        kind: "probe"
    )

    @Test func `the connection test itself passes`() async throws {
        let result = try await Self.bill.play()
        #expect(result.passed, "\(result.differences)")
    }

    @Test(arguments: [
        WrongTests.Case(
            "another result",
            "then.steps.read/Audit.General: expected pass, got pass-empty: nothing new"
        ) {
            $0.expecting(#""steps": {"read/Audit.General": "pass"}"#)
        },
        WrongTests.Case(
            "another class and remedy",
            "then.class: expected permission, got auth; token failed: ",
            "then.remedy: expected grant-permission, got secret-wrong; token failed: "
        ) {
            $0.without("look").without("list").with(
                "token",
                #"{"expect": {"path": "*/token"}, "reply": {"status": 401, "json": {"error": "invalid_client", "#
                    + #""error_codes": [7000215]}}, "times": "some"}"#
            ).expecting(#""class": "permission", "remedy": "grant-permission""#)
        },
        WrongTests.Case(
            "a failure that is not there",
            "then.class: expected auth, got nothing; no step failed"
        ) {
            $0.expecting(#""class": "auth""#)
        },
        WrongTests.Case("a request without an exchange", "has no exchange: GET manage ") {
            $0.without("list")
        },
        WrongTests.Case("results of another kind of test", "then.records: a probe test has none of these") {
            $0.expecting(#""records": {"Audit.General": 0}"#)
        },
    ])
    func `a connection test that is wrong says where and what came instead`(_ row: WrongTests.Case)
        async throws
    {
        let said = try await row.bill(Self.bill).play().differences.map(\.description)
        #expect(said.count == row.says.count, "\(said)")
        for (said, wanted) in zip(said, row.says) { #expect(said.contains(wanted), "\(said)") }
    }
}
