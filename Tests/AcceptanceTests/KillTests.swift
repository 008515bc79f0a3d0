// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import Glibc
import TestSupport
import Testing

/// `kill -9` at random instants while five streams are collected at once and a log shipper reads along.
@Suite(.timeLimit(.minutes(10)))
struct KillTests {
    #if DEBUG
    private static let kills = 24
    private static let blobs = 200
    private static let instants = 20...700
    #else
    private static let kills = 200
    private static let blobs = 1_000
    private static let instants = 5...400
    #endif
    private static let eventsPerBlob = 4

    @Test func `no kill costs a record, doubles one or takes back what a tailer saw`() async throws {
        let estate = try await Estate { scenario in
            for type in ContentType.allCases {
                var plan = Scenario.ContentPlan(
                    blobs: Self.blobs,
                    eventsPerBlob: Self.eventsPerBlob,
                    newest: .hours(1)
                )
                plan.repeatEvery = 10
                scenario.tenants[0].content[type] = plan
            }
        }
        try await estate.add()
        let expected = await estate.expected()
        #expect(expected.values.reduce(0) { $0 + $1.count } == Self.blobs * Self.eventsPerBlob * 5)
        let tailer = Tailer(estate.home + "/archive")
        let following = Task { await tailer.follow() }
        defer { following.cancel() }

        var random = SeededNumbers(0x4b49_4c4c)
        var hits = 0
        var left: [Int] = []
        var slowness = 120
        for number in 0..<Self.kills {
            // Slow enough that collection is still under way at the last kill, quick enough that it gets on.
            let share = Double(journalBytes(estate)) / Double(Self.blobs * Self.eventsPerBlob * 5 * 1_700)
            if share * Double(Self.kills) > Double(number) { slowness = min(600, slowness * 4 / 3) }
            if share * Double(Self.kills) < Double(number) - 4 { slowness = max(70, slowness * 3 / 4) }
            await estate.simulator.heal()
            await estate.simulator.inject(Fault(.delay(.milliseconds(slowness)), on: .init(.fetch)))
            // The host delivers from its first second on, one pass only at its end: both are to be hit.
            let line = number % 3 == 2 ? ["run"] : ["run", "--once"]
            let child = try estate.tool.start(line)
            try await Task.sleep(for: .milliseconds(Int.random(in: Self.instants, using: &random)))
            child.send(SIGKILL)
            let outcome = await child.end()
            if outcome.signal == SIGKILL { hits += 1 }
            left.append(journalBytes(estate))
            #expect(outcome.signal == SIGKILL || outcome.exit == 0, "\(outcome)")
        }
        await estate.simulator.heal()
        #expect(hits * 10 >= Self.kills * 9, "only \(hits) of \(Self.kills) kills hit a run under way")
        try await estate.collect()
        await estate.expectAllStored(expected)
        // A run that is killed when everything is collected proves little.
        let all = journalBytes(estate)
        let early = left.count { $0 < all }
        #expect(early * 10 >= Self.kills * 8, "only \(early) of \(Self.kills) kills came during collection")
        following.cancel()
        await following.value
        #expect(tailer.complaints() == [])
        #expect(tailer.looks > Self.kills)
    }

    private func journalBytes(_ estate: Estate) -> Int {
        Folder.files(below: estate.home + "/journal").reduce(0) { sum, name in
            sum + Int(FileFacts("\(estate.home)/journal/\(name)")?.size ?? 0)
        }
    }
}
