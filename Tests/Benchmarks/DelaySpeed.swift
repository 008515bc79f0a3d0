// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator

/// 1,000 blobs that take 50 ms each, as far sources do.
enum DelaySpeed {
    static let blobs = 1_000
    static let eventsPerBlob = 50

    static func rows(_ setting: Setting) async throws -> [Report.Row] {
        var scenario = Lab.scenario()
        let plans = Lab.plans(blobs: blobs, of: eventsPerBlob)
        scenario.tenants = [Lab.tenant(1, holding: plans)]
        let lab = try await Lab("delay", scenario, setting, delay: 50)
        defer { lab.end() }
        let home = try await CollectingSpeed.connected(lab)
        let events = blobs * eventsPerBlob
        var rounds = Rounds()
        for run in 1...setting.runs {
            let sample = try await lab.collect(home, archive: true) {
                try CollectingSpeed.check($0, archive: true, events: events)
            }
            rounds.add("delay", sample)
            setting.say("  run \(run): \(rounds.latest)")
        }
        return [
            rounds.row(
                "1,000 blobs with 50 ms delay each",
                "delay",
                wanted: "< 2 s",
                note: "50,000 events, with archive; 1.04 s is the least with 48 at a time"
            )
        ]
    }
}
