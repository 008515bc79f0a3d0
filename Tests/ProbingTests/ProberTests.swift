// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Foundation
import HTTPClient
import JSON
import Probing
import Source
import Status
import TestSupport
import Testing

@Suite struct ProberTests {
    @Test(arguments: Stage.names)
    func `the shipped definition's own probe tests come out as they say`(file: String) async throws {
        let (report, rehearsal, answers, sent) = try await Stage.play(file)
        for (name, wanted) in rehearsal.then.steps.sorted(by: { $0.key < $1.key }) {
            let parts = name.split(separator: "/", maxSplits: 1).map(String.init)
            let mark = report.mark(of: parts[0], stream: parts.count > 1 ? parts[1] : nil)
            #expect(mark?.rawValue == wanted, "\(name)")
        }
        if let wanted = rehearsal.then.faultClass { #expect(report.firstFailure?.faultClass == wanted) }
        if let wanted = rehearsal.then.remedy { #expect(report.firstFailure?.remedy?.id == wanted) }
        #expect(answers.unused == [])
        // Nothing is ever changed: POST asks for tokens, and for what is known to be read with it.
        let questions = ["/InvokeCommand?", "/auditLog/queries"]
        #expect(
            sent.allSatisfy { request in
                request.method == "GET" || request.url.contains("/oauth2/")
                    || file.hasPrefix("probe-audit-") && questions.contains { request.url.contains($0) }
            }
        )
    }

    @Test(arguments: Stage.names)
    func `every outcome is as the schema says and shows no secret`(file: String) async throws {
        let (report, _, _, _) = try await Stage.play(file)
        let data = try Data(contentsOf: URL(fileURLWithPath: Repository.root + "/docs/schemas/test.json"))
        let document = ProbeReport.document([report])
        #expect(SchemaCheck(try Document(parsing: Array(data)).root).problems(document) == [])
        let words = document.text()
        #expect(!words.contains("a-very-secret-value") && !words.contains(".unsigned"))
        for step in report.steps where step.mark == .fail {
            #expect(step.faultClass != nil && step.message != nil, "\(step.id)")
        }
    }

    @Test func `all well is said in the first line with the time`() async throws {
        let (report, _, _, _) = try await Stage.play("probe-all-well.json")
        #expect(report.headline.hasPrefix("Connection successful - 2026-11-21 12:00:"))
        #expect(report.headline.hasSuffix("UTC - 10 passed, 1 not run"))
        #expect(report.exitCode == 0)
        #expect(report.connectionCause == nil && report.streamCauses.isEmpty)
        #expect(report.mark(ofStream: "Audit.General") == .pass)
    }

    @Test func `a wrong secret fails at Authentication and the rest is not run`() async throws {
        let (report, _, _, _) = try await Stage.play("probe-wrong-secret.json")
        #expect(report.headline.hasPrefix("Connection failed at Authentication - "))
        #expect(report.exitCode == 5)
        #expect(report.connectionCause?.faultClass == .auth)
        #expect(report.connectionCause?.code == "AADSTS7000215")
        let skipped = report.steps.filter { $0.mark == .skip && $0.id != "expiry" }
        #expect(!skipped.isEmpty && skipped.allSatisfy { $0.skippedFor == "token" })
        let evidence = try #require(report.firstFailure?.evidence)
        #expect(evidence.status == 401)
    }

    @Test func `one missing permission costs one stream`() async throws {
        let (report, _, _, _) = try await Stage.play("probe-dlp-permission-missing.json")
        #expect(report.connectionCause == nil)
        #expect(report.streamCauses.keys.sorted() == ["DLP.All"])
        #expect(report.streamCauses["DLP.All"]?.message.contains("ActivityFeed.ReadDlp") == true)
        #expect(
            report.headline.hasPrefix(
                "Connection successful for 1 of 2 streams, failed at Permissions for DLP.All - "
            )
        )
        #expect(report.exitCode == 5)
        let read = report.steps.first { $0.id == "read" && $0.stream == "DLP.All" }
        #expect(read?.mark == .skip && read?.skippedFor == "roles")
    }

    @Test func `a missing subscription waits and is no failure`() async throws {
        let (report, _, _, _) = try await Stage.play("probe-not-subscribed.json")
        #expect(report.isSuccessful)
        #expect(report.exitCode == 4)
        #expect(report.streamCauses.isEmpty)
    }

    @Test func `what was entered is looked at before anybody is asked`() async throws {
        let (report, _, _, sent) = try await Stage.play("probe-all-well.json") {
            $0.entered["clientKey"] = "no guid"
        }
        #expect(report.mark(of: "form") == .fail)
        #expect(report.firstFailure?.faultClass == .config)
        #expect(report.firstFailure?.remedy?.id == "correct-entry")
        #expect(report.mark(of: "token") == .skip)
        #expect(!sent.contains { $0.url.contains("/oauth2/") })
    }

    @Test func `a credential that soon ends is a warning`() async throws {
        let (report, _, _, _) = try await Stage.play("probe-all-well.json") {
            let now = $0.session.shared.time.now
            $0.expiry = ProbeSubject.Expiry(kind: "secret", at: now + .days(20), isDeclared: true)
        }
        #expect(report.mark(of: "expiry") == .warn)
        #expect(report.exitCode == 1)
        #expect(report.steps.last?.message == "the secret ends on 2026-12-11, in 20 d, as declared")
    }
}
