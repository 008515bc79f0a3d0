// SPDX-License-Identifier: Apache-2.0
import CloudSimulator

/// 400 blobs with 60,000 events: the whole process from a cold start beside curl.
enum CollectingSpeed {
    static let blobs = 400
    static let eventsPerBlob = 150

    static func rows(_ setting: Setting) async throws -> [Report.Row] {
        var scenario = Lab.scenario()
        scenario.tenants = [Lab.tenant(1, holding: Lab.plans(blobs: blobs, of: eventsPerBlob))]
        let lab = try await Lab("collect", scenario, setting)
        defer { lab.end() }
        let reference = try Reference(lab)
        guard reference.count == blobs else {
            throw BenchFailure("the simulator wrote \(reference.count) of \(blobs) blobs")
        }
        var downloads: [Sample] = []
        var synced: [Sample] = []
        var fetched: [Sample] = []
        var composed: [Sample] = []
        for run in 1...setting.runs {
            let (download, sync) = try await reference.run()
            downloads.append(download)
            synced.append(download + sync)
            fetched.append(try await Fetching.measure(reference, lab, lines: false))
            composed.append(try await Fetching.measure(reference, lab, lines: true))
            setting.say("  run \(run): curl \(download.wall.text(3)) s, sync \(sync.wall.text(3)) s")
        }
        let megabytes = (Double(reference.bytes) / 1e6).text(0)
        let size = "\(blobs) blobs, \((blobs * eventsPerBlob).grouped) events, \(megabytes) MB"
        return [
            Report.Row("curl --parallel, into files", downloads.typical, note: size),
            Report.Row("curl --parallel, then sync", synced.typical, ratio: 1, note: "the reference"),
            Report.Row("our client alone, into memory", fetched.typical, note: "no journal"),
            Report.Row("our client, split, lines made", composed.typical, note: "no journal"),
        ]
    }
}
