// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator

/// One blob of 68 MB, larger than any budget of bytes but the whole one.
enum LargeBlob {
    private static let bytes = 68_000_000

    static func rows(_ setting: Setting) async throws -> [Report.Row] {
        let sample = 2_000
        var body: [UInt8] = []
        // Events differ in size: so many of them that the blob is as large as wanted.
        EventGenerator(seed: 7).append(
            sample,
            blob: 0,
            of: .exchange,
            tenant: Lab.tenant(1, holding: [:]).id,
            domain: "bench1.example",
            created: Timestamp(seconds: 1_700_000_000),
            to: &body
        )
        let events = bytes / (body.count / sample)
        var scenario = Lab.scenario()
        let plan = Scenario.ContentPlan(
            blobs: 1,
            eventsPerBlob: events,
            spread: .hours(1),
            newest: .minutes(20)
        )
        scenario.tenants = [Lab.tenant(1, holding: [.exchange: plan])]
        let lab = try await Lab("large", scenario, setting)
        defer { lab.end() }
        let home = try await CollectingSpeed.connected(lab)
        let size = Files.size(below: lab.blobs ?? "")
        var rounds = Rounds()
        for run in 1...min(3, setting.runs) {
            let sample = try await lab.collect(home, archive: true) {
                try CollectingSpeed.check($0, archive: true, events: events)
            }
            rounds.add("large", sample)
            setting.say("  run \(run): \(rounds.latest), peak \(sample.peak.megabytes)")
        }
        let megabytes = (Double(size) / 1e6).text(0)
        return [
            rounds.row(
                "one blob of \(megabytes) MB",
                "large",
                wanted: "<= 256 MB",
                note: "\(events.grouped) events, with archive"
            )
        ]
    }
}
