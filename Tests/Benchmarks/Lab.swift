// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import JSON

/// A simulated cloud behind nginx, and homes that collect from it.
final class Lab: Sendable {
    /// Who collects.
    static let app = "0d6e2b1c-4f57-4b1e-9a3e-8a4c2f1b7d01"
    static let secret = "bench~Secret.value-1"
    static let roles = ["ActivityFeed.Read", "ActivityFeed.ReadDlp"]
    /// The id that requests are counted for.
    static let publisher = "0d6e2b1c-4f57-4b1e-9a3e-8a4c2f1b7d0f"

    let setting: Setting
    let folder: String
    let simulator: Simulator
    let certificate: ServerCertificate
    /// The folder that blobs are served from, if they are.
    let blobs: String?
    /// Definitions that stand in for the shipped ones.
    let share: String?
    private let server: WebServer

    /// What links and clients use.
    var base: String { server.base }

    /// Starts a cloud; `fromDisk` writes its blobs out for nginx to serve, each `delay` milliseconds late.
    init(
        _ name: String,
        _ scenario: Scenario,
        _ setting: Setting,
        fromDisk: Bool = true,
        delay: Int = 0,
        share: String? = nil
    ) async throws {
        self.share = share
        self.setting = setting
        folder = setting.folder + "/" + name
        try Files.makeFolder(folder)
        simulator = try Simulator(scenario)
        let inner = try await simulator.start()
        blobs = fromDisk ? folder + "/blobs" : nil
        if let blobs {
            try Files.makeFolder(blobs)
            _ = try await simulator.writeBlobs(to: blobs)
        }
        certificate = try await ServerCertificate(folder: folder)
        server = try await WebServer(
            folder: folder,
            certificate: certificate,
            simulator: String(inner.dropFirst("http://".count)),
            blobs: blobs,
            delay: delay
        )
        await simulator.publish(at: server.base)
    }

    /// Ends what it started and takes its folder away.
    func end() {
        server.stop()
        simulator.stop()
        Files.remove(folder)
    }

    // MARK: Homes

    /// Makes a home that knows this cloud as `lab`; `clouds` adds others.
    func makeHome(_ name: String, clouds: [(String, Value)] = []) throws -> String {
        let home = folder + "/" + name
        try Files.makeFolder(home)
        let config: Value = ["caFile": .string(certificate.file), "publisherId": .string(Self.publisher)]
        try Files.write(config.text(pretty: true), to: home + "/config.json")
        try writeClouds(clouds, in: home)
        return home
    }

    /// Makes `lab` and `others` the clouds that a home knows beside the shipped ones.
    func writeClouds(_ others: [(String, Value)], in home: String) throws {
        let own = try Value(parsing: Array(simulator.cloudsDocument.utf8)).objectValue.map { Array($0) } ?? []
        let all = own.map { ($0.key, $0.value) } + others
        try Files.write(Value.object(Object(all)).text(pretty: true), to: home + "/clouds.json")
    }

    /// Connects a tenant of this cloud through the command.
    func connect(
        _ tenant: String,
        as customer: String,
        in home: String,
        cloud: String = "lab",
        connector: String = "office365-management",
        streams: [String]? = nil,
        start: String = "P1D"
    ) async throws {
        var answers: Object = [
            "customer": .string(customer), "connector": .string(connector), "name": "bench",
            "cloud": .string(cloud),
            "credentials": ["tenantId": .string(tenant), "clientKey": .string(Self.app)],
            "start": .string(start),
        ]
        if let streams { answers["streams"] = .array(streams.map { .string($0) }) }
        let file = folder + "/answers.json"
        let secret = folder + "/secret"
        try Files.write(Value.object(answers).text(pretty: true), to: file)
        try Files.write(Self.secret, to: secret)
        let child = try Child(
            [setting.headgate, "connection", "add", "--answers", file, "--secret-file", secret],
            environment: environment(home),
            output: folder + "/connect.log"
        )
        let code = try await child.wait()
        guard code == 0 || code == 1 else {
            throw BenchFailure(
                "headgate connection add \(customer) ended with \(code):\n\(child.text.suffix(4_000))"
            )
        }
    }

    /// Runs `headgate run --once` in a fresh copy of `template`, and hands the copy to `check` before it goes.
    func collect(
        _ template: String,
        archive: Bool,
        allowed: Set<Int32> = [0],
        options: [String] = [],
        starting: () -> Void = {},
        check: (String) async throws -> Void
    ) async throws -> Sample {
        let home = template + ".run"
        Files.remove(home)
        try await Files.copy(template, to: home)
        defer { Files.remove(home) }
        try await settle()
        starting()
        let sample = try await Stopwatch.measure(
            [setting.headgate, "run", "--once"] + (archive ? [] : ["--collect-only"]) + options,
            environment: environment(home),
            folder: folder,
            allowed: allowed
        )
        do {
            try await check(home)
        } catch {
            let output = Files.text(folder + "/measured.log").suffix(4_000)
            throw BenchFailure("\(error); headgate said:\n\(output)")
        }
        return sample
    }

    private func environment(_ home: String) -> [String: String] {
        ["HEADGATE_HOME": home].merging(share.map { ["HEADGATE_SHARE": $0] } ?? [:]) { $1 }
    }

    /// Writes out what earlier work left in memory, so that nobody's sync pays for it.
    func settle() async throws {
        try await Child(["sync", "-f", folder], output: folder + "/sync.log").succeed()
    }

    // MARK: Clouds

    /// A cloud without tenants, patient enough not to be measured itself.
    static func scenario() -> Scenario {
        var scenario = Scenario()
        scenario.apps = [Scenario.App(id: app, secret: secret, roles: ["*": roles])]
        scenario.knobs.requestsPerMinute = 1_000_000_000
        scenario.knobs.logLimit = 1_000
        return scenario
    }

    /// The tenant number `number` with all subscriptions.
    static func tenant(_ number: Int, holding content: [ContentType: Scenario.ContentPlan]) -> Scenario.Tenant
    {
        let digits = String(number, radix: 16)
        let id = "be9c0000-0000-4000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
        var tenant = Scenario.Tenant(id: id, domain: "bench\(number).example")
        tenant.subscriptions = ContentType.allCases.map { Scenario.Subscribed($0) }
        tenant.content = content
        return tenant
    }

    /// So many equal blobs over all types, by the shares of a real log, within one window.
    static func plans(blobs: Int, of events: Int) -> [ContentType: Scenario.ContentPlan] {
        var plans: [ContentType: Scenario.ContentPlan] = [:]
        for (type, share) in DistributionProfile.builtIn.shares(of: blobs) where share > 0 {
            plans[type] = Scenario.ContentPlan(
                blobs: share,
                eventsPerBlob: events,
                spread: .hours(6),
                newest: .minutes(20)
            )
        }
        return plans
    }
}
