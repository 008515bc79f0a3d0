// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import Connectors
import Crypto
import HTTPClient
import Identity
import TestSupport
import Testing

/// A key that was made here gets a token of a service that knows its certificate only.
@Suite(.timeLimit(.minutes(10))) struct MadeCredentialTests {
    private let time = ManualTime(noon, runsAhead: true)

    private func ask(_ own: CertifiedKey, known: CertifiedKey) async throws -> Token {
        var scenario = Scenario()
        scenario.tenants = [Scenario.Tenant(id: tenant, domain: "contoso.example")]
        var app = Scenario.App(id: client, secret: "unused~secret", roles: [tenant: ["ActivityFeed.Read"]])
        app.secrets = []
        app.certificates = [.pem(known.certificate.publicPEM)]
        scenario.apps = [app]
        let simulator = try Simulator(scenario, time: time)
        defer { simulator.stop() }
        let base = try await simulator.start()
        var wanted = demand(
            try definition(),
            audiences: ["https://manage.office.com"],
            credential: .certificate(own)
        )
        wanted.base = BaseURL(base + "/login")
        return try await Tokens(transport: Client(Options(proxy: "")), time: time).token(for: wanted)
    }

    private func key() throws -> CertifiedKey {
        try CertifiedKey.make(commonName: "Headgate", validFor: .days(180), now: noon)
    }

    @Test func `the service takes an assertion signed with it`() async throws {
        let own = try key()
        let token = try await ask(own, known: own)
        #expect(token.claims?.permissions == ["ActivityFeed.Read"])
        #expect(token.claims?.tenant == tenant)
    }

    @Test func `the vault's copy of it is as good`() async throws {
        let own = try key()
        let kept = try CertifiedKey(pem: own.pem.reveal { Array($0.utf8) })
        #expect(try await ask(kept, known: own).claims?.client == client)
    }

    @Test func `a key of the same name is not taken for it`() async throws {
        let (own, known) = (try key(), try key())
        let refusal = await #expect(throws: TokenRefused.self) { try await ask(own, known: known) }
        let text = String(decoding: refusal?.response.body ?? [], as: UTF8.self)
        let shown = [own.certificate.thumbprintSHA1Text, own.certificate.thumbprintSHA256Text]
        #expect(text.contains("AADSTS700027") && shown.contains { text.contains($0) }, "\(text)")
    }
}
