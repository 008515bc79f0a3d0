// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Probing
import Reporting
import Status
import Testing

@Suite struct ProbeTextTests {
    private var report: ProbeReport {
        let evidence = CheckResult.Evidence(
            status: 401,
            code: "E7000215",
            requestID: "2f3c1a",
            at: Examples.now,
            duration: .milliseconds(120)
        )
        return ProbeReport(
            connection: ConnectionKey(customer: "fabrikam", connection: "o365"),
            connector: "office",
            at: Examples.now,
            streams: ["a", "b"],
            steps: [
                CheckResult(
                    id: "reach",
                    title: "The API can be reached",
                    stage: .network,
                    mark: .pass,
                    message: "api.example"
                ),
                CheckResult(
                    id: "token",
                    title: "The app gets a token",
                    stage: .authentication,
                    mark: .fail,
                    faultClass: .auth,
                    message: "the client secret is wrong",
                    evidence: evidence,
                    remedy: Examples.remedy
                ),
                CheckResult(
                    id: "read",
                    title: "Content can be listed",
                    stage: .fetch,
                    stream: "a",
                    mark: .fail,
                    faultClass: .auth,
                    message: "the client secret is wrong",
                    remedy: Examples.remedy
                ),
                CheckResult(
                    id: "claims",
                    title: "The token is for this tenant",
                    stage: .authentication,
                    mark: .skip,
                    skippedFor: "token"
                ),
            ]
        )
    }

    @Test func `the answer stands first, and a remedy is told once`() {
        let text = ProbeText(report).lines.joined(separator: "\n")
        #expect(
            text == """
                Connection failed at Authentication - 2026-11-21 14:07:00 UTC - 1 passed, 2
                  failed, 1 not run
                fabrikam/o365, office

                  pass       Network: The API can be reached
                               api.example
                  FAIL       Authentication: The app gets a token
                               the client secret is wrong - E7000215 - HTTP 401 - request 2f3c1a
                               why: The secret is wrong or has ended.
                               fix: Give the connection a valid client secret
                                 1. Make a new client secret for the app.
                                 2. Copy its value, not its id.
                               who: an Application Administrator
                               where: https://portal.example/apps
                               takes: 5 minutes
                               then: headgate test fabrikam/o365
                  FAIL       Fetch logs: Content can be listed - a
                               the client secret is wrong
                               fix: Give the connection a valid client secret, as above
                  skip       Authentication: The token is for this tenant
                               not run, since "The app gets a token" did not pass
                """
        )
    }

    @Test(arguments: [40, 60, 80, 120])
    func `no line is wider than the screen`(width: Int) {
        for line in ProbeText(report, style: Style(width: width)).lines {
            #expect(line.count <= width || line.split(separator: " ").count == 1, "\(line)")
        }
    }
}
