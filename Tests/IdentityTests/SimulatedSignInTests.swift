// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import Connectors
import HTTPClient
import Identity
import TestSupport
import Testing

/// People who sign in at the simulated cloud, over a real client.
@Suite(.timeLimit(.minutes(10))) struct SimulatedSignInTests {
    private static let tool = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
    private static let graph = "https://graph.microsoft.com"
    private let time = ManualTime(noon, runsAhead: true)

    /// A sign-in by one who does as `person` says, asked for in the tenant's own segment or in `segment`.
    private func signIn(
        _ person: Scenario.SignIn,
        at segment: String = tenant
    ) async throws -> (ending: DeviceSignIn.Ending, codes: [DeviceSignIn.Code]) {
        var scenario = Scenario()
        scenario.tenants = [Scenario.Tenant(id: tenant, domain: "contoso.example")]
        scenario.tenants[0].signIn = person
        let simulator = try Simulator(scenario, time: time)
        defer { simulator.stop() }
        let base = try await simulator.start()
        let demand = try DeviceSignIn.Demand(
            base: try #require(BaseURL("\(base)/login")),
            tenant: segment,
            codePath: "/oauth2/v2.0/devicecode",
            tokenPath: "/oauth2/v2.0/token",
            client: Self.tool,
            scopes: [Self.graph + "/.default", "offline_access", "openid", "profile"],
            audience: Self.graph,
            claims: try definition().auth.claims,
            declinedErrors: ["authorization_declined"]
        )
        let codes = Locked([DeviceSignIn.Code]())
        let ending = try await DeviceSignIn.run(
            demand,
            over: Client(Options(proxy: "")),
            time: time,
            show: { code in codes.withLock { $0.append(code) } }
        )
        return (ending, codes.withLock { $0 })
    }

    @Test func `one who approves after a while lends a token for that tenant`() async throws {
        var person = Scenario.SignIn(afterPolls: 3)
        person.slowDownAt = [2]
        let (ending, codes) = try await signIn(person)
        guard case .granted(let grant) = ending else {
            Issue.record("no token: \(String(describing: ending.refusal?.error))")
            return
        }
        #expect(grant.token.claims?.tenant == tenant)
        #expect(grant.token.claims?.audiences == [Self.graph])
        #expect(grant.token.claims?.delegated.contains("Application.ReadWrite.All") == true)
        #expect(grant.scopes.contains { $0.hasSuffix("Application.ReadWrite.All") })
        #expect(codes.count == 1 && codes.first?.userCode.count == 9)
        #expect(time.slept == [5, 5, 10, 10].map { .seconds($0) })
    }

    @Test func `one who declines, one who never comes and one whom a policy keeps out are told apart`()
        async throws
    {
        guard case .declined = try await signIn(Scenario.SignIn(does: .decline)).ending else {
            Issue.record("it was not declined")
            return
        }
        guard case .expired = try await signIn(Scenario.SignIn(does: .never)).ending else {
            Issue.record("it did not expire")
            return
        }
        guard case .refused(let refusal) = try await signIn(Scenario.SignIn(does: .blocked)).ending else {
            Issue.record("it was not refused")
            return
        }
        let answer = refusal.answer(of: try definition().service("login"), service: "login")
        #expect(answer.codes.contains("AADSTS53003"))
    }

    @Test func `a tenant that does not exist is refused before a code is shown`() async throws {
        let (ending, codes) = try await signIn(Scenario.SignIn(), at: "00000000-1111-4222-8333-444444444444")
        guard case .refused(let refusal) = ending else {
            Issue.record("it was not refused")
            return
        }
        #expect(refusal.response?.status == 400 && codes.isEmpty)
    }
}
