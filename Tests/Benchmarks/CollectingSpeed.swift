// SPDX-License-Identifier: Apache-2.0
import CloudSimulator

/// 400 blobs with 60,000 events: the whole process from a cold start beside curl.
enum CollectingSpeed {
    static let blobs = 400
    static let eventsPerBlob = 150
    static var events: Int { blobs * eventsPerBlob }

    static func rows(_ setting: Setting) async throws -> [Report.Row] {
        let lab = try await lab("collect", setting)
        defer { lab.end() }
        let reference = try Reference(lab)
        guard reference.count == blobs else {
            throw BenchFailure("the simulator wrote \(reference.count) of \(blobs) blobs")
        }
        let home = try await connected(lab)
        var rounds = Rounds()
        for run in 1...setting.runs {
            let (download, sync) = try await reference.run()
            rounds.add("curl", download)
            rounds.add("synced", download + sync)
            let (again, files) = try await reference.run(.files)
            rounds.add("each file synced", again + files)
            rounds.add("client", try await Fetching.measure(reference, lab, lines: false))
            rounds.add("lines", try await Fetching.measure(reference, lab, lines: true))
            rounds.add(
                "journal",
                try await lab.collect(home, archive: false) { try check($0, archive: false) }
            )
            rounds.add("archive", try await lab.collect(home, archive: true) { try check($0, archive: true) })
            setting.say("  run \(run): \(rounds.latest)")
        }
        let megabytes = (Double(reference.bytes) / 1e6).text(0)
        let size = "\(blobs) blobs, \(events.grouped) events, \(megabytes) MB"
        return [
            rounds.row("curl --parallel, into files", "curl", note: size),
            rounds.row("curl --parallel, then sync -f", "synced", against: "synced", note: "the reference"),
            rounds.row("curl --parallel, then sync FILES", "each file synced", against: "synced", note: ""),
            rounds.row("our client alone, into memory", "client", note: "nothing stored"),
            rounds.row("our client, split, lines made", "lines", note: "nothing stored"),
            rounds.row(
                "headgate run --once, journal alone",
                "journal",
                against: "synced",
                wanted: "<= 2x, <= 64 MB",
                note: rounds.rate("journal", events)
            ),
            rounds.row(
                "headgate run --once, with archive",
                "archive",
                against: "synced",
                wanted: "<= 3x, <= 64 MB",
                note: rounds.rate("archive", events)
            ),
        ]
    }

    /// Keeps the cloud running with a connected home beside it, until the process is ended.
    static func serve(_ setting: Setting) async throws -> [Report.Row] {
        let lab = try await lab("lab", setting)
        defer { lab.end() }
        let home = try await connected(lab)
        let old = lab.folder + "/old"
        try await Files.copy(home, to: old)
        try await OldKeys.fill(old)
        setting.say("  \(old) is the same beside old keys")
        setting.say("  cp -a \(home) COPY && HEADGATE_HOME=COPY \(setting.headgate) run --once")
        try await Task.sleep(for: .seconds(86_400))
        return []
    }

    /// A cloud with one tenant that holds the 400 blobs.
    static func lab(_ name: String, _ setting: Setting) async throws -> Lab {
        var scenario = Lab.scenario()
        scenario.tenants = [Lab.tenant(1, holding: Lab.plans(blobs: blobs, of: eventsPerBlob))]
        return try await Lab(name, scenario, setting)
    }

    /// A home that is connected to that tenant and has collected nothing yet.
    static func connected(_ lab: Lab) async throws -> String {
        let home = try lab.makeHome("home")
        try await lab.connect(Lab.tenant(1, holding: [:]).id, as: "contoso", in: home)
        return home
    }

    /// Every event must be there, once.
    static func check(_ home: String, archive: Bool, events: Int = events) throws {
        let stored = try Files.lines(below: home + "/journal")
        guard stored == events else { throw BenchFailure("the journal holds \(stored) of \(events) events") }
        let archived = try Files.lines(below: home + "/archive")
        guard archived == (archive ? events : 0) else {
            throw BenchFailure("the archive holds \(archived) of \(archive ? events : 0) events")
        }
    }
}
