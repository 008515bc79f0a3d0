// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import Glibc
import JSON
import TestSupport
import Testing

/// A derived stream of the built command: reports and investigations in any order, whatever kills the host.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct JoinTests {
    private static let general = "Audit.General"
    private static let reports = "Alerts.HandledPhishReports"

    /// The records of the story, and what must be made of them.
    private struct Story {
        var events: [[UInt8]] = []
        var told: Set<[UInt8]> = []

        var expected: [String: Set<[UInt8]>] { [general: Set(events), reports: told] }
    }

    /// So many reports, most of them handled in one to three moves, shuffled among other records.
    private func story(_ count: Int, seed: UInt64, padding: Int = 0) -> Story {
        var random = SeededNumbers(seed)
        var story = Story()
        for number in 0..<count {
            let alert = PhishStory.alert(number, padding: padding)
            if Int.random(in: 0..<8, using: &random) > 0 { story.events.append(alert) }
            let isThere = story.events.last == alert
            let moves = Int.random(in: 0...3, using: &random)
            for move in 0..<moves {
                let status = move == 0 && moves > 1 ? "Running" : "Remediated"
                let inActions = Bool.random(using: &random)
                let event = PhishStory.move(
                    move,
                    of: number,
                    status: status,
                    inActions: inActions,
                    padding: padding
                )
                story.events.append(event)
                if isThere, status != "Running" { story.told.insert(PhishStory.handled(alert, event)) }
            }
            story.events.append(PhishStory.other(number, at: "2026-10-10T10:00:00"))
        }
        story.events.shuffle(using: &random)
        return story
    }

    /// An estate whose one source holds the story in blobs, with the stream that is made of it.
    private func estate(_ story: Story, perBlob: Int) async throws -> Estate {
        let estate = try await Estate { scenario in
            var plan = Scenario.ContentPlan()
            plan.placed = stride(from: 0, to: story.events.count, by: perBlob).map { first in
                Scenario.PlacedBlob(
                    created: .after(.minutes(-90) + .seconds(first / perBlob * 10)),
                    .lines(Array(story.events[first..<min(first + perBlob, story.events.count)]))
                )
            }
            scenario.tenants[0].content[.general] = plan
        }
        estate.folder.write(
            Estate.answers(streams: [Self.general, Self.reports]).text(),
            to: "answers.json"
        )
        try await estate.add()
        return estate
    }

    @Test func `reports and investigations in any order are told once for each move`() async throws {
        let story = story(60, seed: 5)
        let estate = try await estate(story, perBlob: 7)
        try await estate.collect()
        await estate.expectAllStored(story.expected)
        try await estate.collect()
        await estate.expectAllStored(story.expected)
        let status = try Value(parsing: Array(try await estate.tool.run("status", "--json").out.utf8))
        let streams = status["customers"]?[0]?["connections"]?[0]?["streams"]?.arrayValue ?? []
        let reports = streams.first { $0["id"]?.stringValue == Self.reports }
        #expect(reports?["state"]?.stringValue == "active", "\(status.text())")
        #expect(reports?["records24h"]?.int64 == Int64(story.told.count))
        #expect(
            reports?["caughtUpTo"] == streams.first { $0["id"]?.stringValue == Self.general }?["caughtUpTo"]
        )
    }

    @Test func `a stream that is made of one that was not chosen is refused with the reason`() async throws {
        let estate = try await Estate()
        estate.folder.write(Estate.answers(streams: [Self.reports]).text(), to: "answers.json")
        let outcome = try await estate.add(exit: 2)
        #expect(outcome.err.contains("Audit.General, which must be chosen too"), "\(outcome)")
    }

    @Test func `join under kills: none costs a record that was to be told or tells one twice`() async throws {
        let story = story(300, seed: 9, padding: 1_500)
        let estate = try await estate(story, perBlob: 25)
        let tailer = Tailer(estate.home + "/archive")
        let following = Task { await tailer.follow() }
        defer { following.cancel() }
        var random = SeededNumbers(0x4a4f_494e)
        var hits = 0
        let kills = 16
        await estate.simulator.inject(Fault(.delay(.milliseconds(250)), on: .init(.fetch)))
        for number in 0..<kills {
            // The host derives while it collects, one pass only afterwards.
            let child = try estate.tool.start(number % 4 == 3 ? ["run", "--once"] : ["run"])
            try await Task.sleep(for: .milliseconds(Int.random(in: 100...1_600, using: &random)))
            child.send(SIGKILL)
            let outcome = await child.end()
            if outcome.signal == SIGKILL { hits += 1 }
            #expect(outcome.signal == SIGKILL || outcome.exit == 0, "\(outcome)")
        }
        #expect(hits * 4 >= kills * 3, "only \(hits) of \(kills) kills hit a run under way")
        await estate.simulator.heal()
        try await estate.collect()
        await estate.expectAllStored(story.expected)
        following.cancel()
        await following.value
        #expect(tailer.complaints() == [])
    }

    #if DEBUG
    @Test(arguments: [
        "appended:1", "appended:2", "synced:1", "synced:2", "inTransaction:2", "inTransaction:3",
        "committed:2",
        "committed:3", "committed:4",
    ])
    func `a death while records are made is made good by the next run`(_ point: String) async throws {
        let story = story(400, seed: 3, padding: 1_500)
        let estate = try await estate(story, perBlob: 200)
        // Everything is collected first, so that the deaths meet nothing but the making.
        let hold = ["pause", "contoso/o365/\(Self.reports)", "--reason", "test"]
        let paused = try await estate.tool.run(hold)
        #expect(paused.exit == 0, "\(paused)")
        try await estate.collect()
        #expect(try await estate.tool.run("resume", "contoso/o365/\(Self.reports)").exit == 0)
        var tool = estate.tool
        tool.environment["HEADGATE_CRASH_AT"] = point
        let outcome = try await tool.run("run", "--once")
        #expect(outcome.signal == SIGKILL, "it did not die at \(point): \(outcome)")
        try await estate.collect()
        await estate.expectAllStored(story.expected)
    }
    #endif

    /// An estate in which administrators have changed auditing, each change a blob of its own.
    private func estate(switching changes: [(on: Bool, at: String)]) async throws -> Estate {
        let estate = try await Estate { scenario in
            var plan = Scenario.ContentPlan()
            plan.placed = changes.enumerated().map { number, change in
                Scenario.PlacedBlob(
                    created: .after(.minutes(-60) + .minutes(number)),
                    .lines([PhishStory.auditing(on: change.on, at: change.at)])
                )
            }
            scenario.tenants[0].content[.exchange] = plan
        }
        try await estate.add()
        return estate
    }

    /// Audit.Exchange as status shows it.
    private func exchange(_ estate: Estate) async throws -> Value? {
        let status = try await estate.tool.run("status", "--json")
        let streams = try Value(parsing: Array(status.out.utf8))["customers"]?[0]?["connections"]?[0]?[
            "streams"
        ]
        return streams?.arrayValue?.first { $0["id"]?.stringValue == "Audit.Exchange" }
    }

    @Test func `auditing switched off is listed as a security event and shown with its remedy`() async throws
    {
        let estate = try await estate(switching: [(false, "2026-10-10T11:30:00")])
        try await estate.collect(exit: 1)
        let listed = try await estate.tool.run("issues", "contoso", "--json")
        let issues = try Value(parsing: Array(listed.out.utf8))
        #expect(listed.exit == 1 && issues["issues"]?.arrayValue?.count == 1, "\(listed)")
        #expect(issues["issues"]?[0]?["severity"]?.stringValue == "security")
        #expect(issues["issues"]?[0]?["remedy"]?["id"]?.stringValue == "turn-on-audit")
        let shown = try await exchange(estate)
        #expect(shown?["state"]?.stringValue == "blocked", "\(shown?.text() ?? "")")
        #expect(shown?["losingSince"]?.stringValue == "2026-10-10T11:30:00Z")
        #expect(shown?["cause"]?["remedy"]?["id"]?.stringValue == "turn-on-audit")
    }

    @Test(arguments: [true, false])
    func `what a later record takes back is no issue, whichever of the two comes first`(_ inOrder: Bool)
        async throws
    {
        let changes = [(on: false, at: "2026-10-10T11:30:00"), (on: true, at: "2026-10-10T12:30:00")]
        let estate = try await estate(switching: inOrder ? changes : changes.reversed())
        try await estate.collect()
        #expect(try await estate.tool.run("issues").exit == 0)
        #expect(try await exchange(estate)?["state"]?.stringValue != "blocked")
    }
}
