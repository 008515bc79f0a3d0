// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import HTTPClient
import Probing
import Status
import TestSupport
import Testing

@Suite struct MissingCredentialTests {
    @Test func `a credential that cannot be had is a result of its own, and no token is asked for`()
        async throws
    {
        let (report, _, _, sent) = try await Stage.play("probe-all-well.json") {
            $0.credentialTrouble = "The credential cannot be used: there is no secret in the vault"
        }
        #expect(report.firstFailure?.id == "form")
        #expect(report.firstFailure?.remedy?.id == "host.credential-missing")
        #expect(report.connectionCause?.faultClass == .config)
        #expect(!sent.contains { $0.method == "POST" })
    }

    @Test func `of several tests a failure decides, then a warning`() async throws {
        let well = try await Stage.play("probe-all-well.json").report
        let warned = try await Stage.play("probe-excess-permission.json").report
        let waiting = try await Stage.play("probe-not-subscribed.json").report
        let failed = try await Stage.play("probe-wrong-secret.json").report
        #expect(ProbeReport.exitCode(of: []) == 0)
        #expect(ProbeReport.exitCode(of: [well]) == 0)
        #expect(ProbeReport.exitCode(of: [well, waiting]) == 4)
        #expect(ProbeReport.exitCode(of: [waiting, warned, well]) == 1)
        #expect(ProbeReport.exitCode(of: [warned, failed]) == 5)
    }
}
