// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import Glibc
import JSON
import TestSupport
import Testing

/// A home of its own for the built command, beside a simulated cloud of its own.
final class Estate: Sendable {
    static let tenant = "c0ffee00-0000-4000-8000-0000000000a1"
    static let app = "5f3c1b52-6a0e-4b7d-9c1f-2f60f1c7a0a1"
    static let secret = "acc8Q~Quarry.Saddle_Meadow-7c1e5b20d4"

    let tool: Tool
    let simulator: Simulator
    let answers: String
    let secretFile: String

    /// Starts the cloud, which `change` may alter before, and writes answers and secret beside the home.
    init(_ change: (inout Scenario) -> Void = { _ in }) async throws {
        var tool = Tool()
        // The shipped definitions must not be found by luck.
        tool.environment["HEADGATE_SHARE"] = Repository.root
        self.tool = tool
        var scenario = Self.scenario()
        change(&scenario)
        simulator = try Simulator(scenario)
        try await simulator.start()
        tool.folder.write(simulator.cloudsDocument, to: "home/clouds.json")
        answers = tool.folder.write(Self.answers().text(), to: "answers.json")
        secretFile = tool.folder.write(Self.secret + "\n", to: "secret")
    }

    deinit { simulator.stop() }

    var home: String { tool.home }
    var folder: TemporaryFolder { tool.folder }

    /// One tenant, subscribed to everything, without content, and an app that may read it.
    static func scenario() -> Scenario {
        var scenario = Scenario()
        scenario.seed = 7
        scenario.knobs.requestsPerMinute = 1_000_000
        var tenant = Scenario.Tenant(id: Self.tenant, domain: "contoso.onmicrosoft.com")
        tenant.subscriptions = ContentType.allCases.map { Scenario.Subscribed($0) }
        scenario.tenants = [tenant]
        scenario.apps = [
            Scenario.App(
                id: app,
                secret: secret,
                roles: [Self.tenant: ["ActivityFeed.Read", "ActivityFeed.ReadDlp", "ServiceHealth.Read"]]
            )
        ]
        return scenario
    }

    static func answers(
        customer: String = "contoso",
        name: String = "o365",
        credentials: Value = ["tenantId": .string(tenant), "clientKey": .string(app)],
        streams: [String]? = nil,
        start: String = "P2D"
    ) -> Value {
        var answers: Object = [
            "customer": .string(customer), "connector": "office365-management", "name": .string(name),
            "cloud": "lab", "credentials": credentials, "start": .string(start),
        ]
        if let streams { answers["streams"] = .array(streams.map { .string($0) }) }
        return .object(answers)
    }

    /// Adds the connection of the answers with the right secret, and expects the exit code.
    @discardableResult
    func add(_ more: String..., exit: Int32 = 0, sourceLocation: SourceLocation = #_sourceLocation)
        async throws
        -> Tool.Outcome
    {
        let outcome = try await tool.run(
            ["connection", "add", "--answers", answers, "--secret-file", secretFile] + more
        )
        #expect(outcome.exit == exit, "\(outcome)", sourceLocation: sourceLocation)
        return outcome
    }

    /// Collects once and expects the exit code.
    @discardableResult
    func collect(exit: Int32 = 0, sourceLocation: SourceLocation = #_sourceLocation) async throws
        -> Tool.Outcome
    {
        let outcome = try await tool.run(["run", "--once"], limit: .seconds(120))
        #expect(outcome.exit == exit, "\(outcome)", sourceLocation: sourceLocation)
        return outcome
    }

    /// Everything that the cloud holds, by stream; what is brought again counts once.
    func expected() async -> [String: Set<[UInt8]>] {
        var all: [String: Set<[UInt8]>] = [:]
        for type in ContentType.allCases {
            let events = await simulator.events(tenant: Self.tenant, type: type)
            if !events.isEmpty { all[type.rawValue] = Set(events.map(\.bytes)) }
        }
        return all
    }
}
