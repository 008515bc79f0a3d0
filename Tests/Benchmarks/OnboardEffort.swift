// SPDX-License-Identifier: Apache-2.0
import CloudSimulator
import TestSupport

/// What connecting a tenant asks of a person: answers, keys and seconds from `headgate onboard` to the end of the first
/// whole cycle, typed at a terminal without a pause for thought.
enum OnboardEffort {
    private static let tenant = "c0ffee00-0000-4000-8000-0000000000a1"
    private static let app = "5f3c1b52-6a0e-4b7d-9c1f-2f60f1c7a0a1"
    private static let secret = "acc8Q~Quarry.Saddle_Meadow-7c1e5b20d4"

    static func rows(_ setting: Setting) async throws -> [Report.Row] {
        var rows: [Report.Row] = []
        for isDevice in [false, true] {
            for isFresh in [false, true] {
                rows.append(try await row(isDevice: isDevice, isFresh: isFresh, setting))
            }
        }
        return rows
    }

    private static func row(isDevice: Bool, isFresh: Bool, _ setting: Setting) async throws -> Report.Row {
        var times: [Double] = []
        var effort = (answers: 0, keys: 0)
        for _ in 0..<setting.runs {
            let clock = ContinuousClock()
            let started = clock.now
            effort = try await walk(isDevice: isDevice, isFresh: isFresh, setting)
            let took = started.duration(to: clock.now).components
            times.append(Double(took.seconds) + Double(took.attoseconds) / 1e18)
        }
        let way = isDevice ? "by device code" : "with an app at hand"
        let state = isFresh ? "a fresh tenant" : "a tenant subscribed already"
        return Report.Row(
            "onboard \(way), \(state)",
            wanted: isDevice ? "<= 3 answers" : "<= 8 answers",
            note: "\(effort.answers) answers, \(effort.keys) keys, median \(times.median.text(1)) s"
        )
    }

    private static func walk(isDevice: Bool, isFresh: Bool, _ setting: Setting) async throws -> (
        answers: Int, keys: Int
    ) {
        let simulator = try Simulator(scenario(isDevice: isDevice, isFresh: isFresh))
        try await simulator.start()
        defer { simulator.stop() }
        let home = setting.folder + "/onboard"
        defer { Files.remove(home) }
        try Files.makeFolder(home)
        try Files.write(Array(simulator.cloudsDocument.utf8), to: home + "/clouds.json")
        let typist = try Typist(
            setting.headgate,
            ["onboard", "--cloud", "lab", "--out", home],
            environment: ["HEADGATE_HOME": home]
        )
        let own: [(see: String, answer: String)] = [
            ("Which customer is this?", "Contoso"), ("How do you want to get it?", "1"),
            ("domain or Tenant Id", "contoso.onmicrosoft.com"), ("Application (client) ID", app),
            ("With what does the app prove itself?", "2"), ("Secret Key", secret),
            ("When does the secret expire?", ""), ("Collect this?", ""),
        ]
        let device: [(see: String, answer: String)] = [
            ("Which customer is this?", "Contoso"), ("How do you want to get it?", "2"),
            ("What will be made in the tenant", ""),
        ]
        try await typist.converse(isDevice ? device : own)
        let code = await typist.end()
        guard code == 0 else { throw BenchFailure("onboarding ended with \(code): \(typist.transcript)") }
        return typist.effort
    }

    private static func scenario(isDevice: Bool, isFresh: Bool) -> Scenario {
        var scenario = Scenario()
        scenario.seed = 7
        var tenant = Scenario.Tenant(id: tenant, domain: "contoso.onmicrosoft.com")
        tenant.subscriptions = isFresh ? [] : ContentType.allCases.map { Scenario.Subscribed($0) }
        scenario.tenants = [tenant]
        if isDevice {
            // The person signs in within one poll; the directory takes a moment for each new thing.
            var person = Scenario.SignIn()
            person.home = Self.tenant
            scenario.signIn = person
        } else {
            scenario.apps = [
                Scenario.App(
                    id: app,
                    secret: secret,
                    roles: [Self.tenant: ["ActivityFeed.Read", "ActivityFeed.ReadDlp"]]
                )
            ]
        }
        return scenario
    }
}
