// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import JSON

/// 200 pages of 1,000 sign-ins in one window, one after the other as the source hands them out.
enum SignInSpeed {
    private static let pages = 200
    private static let perPage = 1_000
    // A page that is full says that there is another: the last one is not.
    private static let items = pages * perPage - 1
    private static let connector = "entra-signins"

    static func rows(_ setting: Setting) async throws -> [Report.Row] {
        var scenario = Lab.scenario()
        scenario.apps[0].roles["*"] = ["AuditLog.Read.All", "LicenseAssignment.Read.All"]
        scenario.knobs.reportRequests = 0
        var tenant = Lab.tenant(1, holding: [:])
        tenant.feeds[.signIns] = Scenario.FeedPlan(items: items, spread: .minutes(40), newest: .hours(1))
        scenario.tenants = [tenant]
        let lab = try await Lab(
            "signins",
            scenario,
            setting,
            fromDisk: false,
            share: try await share(setting)
        )
        defer { lab.end() }
        let home = try lab.makeHome("home")
        try await lab.connect(
            tenant.id,
            as: "contoso",
            in: home,
            connector: connector,
            streams: ["interactive"],
            start: "PT3H"
        )
        var rounds = Rounds()
        for run in 1...min(3, setting.runs) {
            let sample = try await lab.collect(home, archive: true) {
                try CollectingSpeed.check($0, archive: true, events: items)
            }
            rounds.add("signins", sample)
            let rate = (Double(items) / sample.wall).text(0)
            setting.say("  run \(run): \(rounds.latest), \(rate) events/s, peak \(sample.peak.megabytes)")
        }
        return [
            rounds.row(
                "200 pages of 1,000 sign-ins",
                "signins",
                note: "\(items.grouped) events, with archive; without the quota, which allows 5 pages in 10 s"
            )
        ]
    }

    /// The shipped definitions without the source's quota, so that what is measured is not its patience.
    private static func share(_ setting: Setting) async throws -> String {
        let share = setting.folder + "/share"
        try Files.makeFolder(share)
        try await Files.copy(try DefinitionSpeed.shipped(), to: share + "/connectors")
        for name in [connector, "entra-audit"] {
            let file = share + "/connectors/\(name)/connector.json"
            guard var definition = try Value(parsing: Files.bytes(file)).objectValue,
                let quotas = definition["quotas"]?.arrayValue
            else { throw BenchFailure("\(name) has no quotas") }
            definition["quotas"] = .array(
                quotas.map { quota in
                    var quota = quota.objectValue ?? [:]
                    quota["requests"] = 100_000
                    return .object(quota)
                }
            )
            try Files.write(Value.object(definition).text(pretty: true), to: file)
        }
        return share
    }
}
