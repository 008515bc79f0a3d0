// SPDX-License-Identifier: Apache-2.0
#if DEBUG
import Basics
import CloudSimulator
import Glibc
import Testing

/// Dies at each named instant, then goes on: what the release build's random kills may miss is hit here for certain.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct CrashTests {
    private static func blobs(_ scenario: inout Scenario) {
        for type in ContentType.allCases {
            var plan = Scenario.ContentPlan(blobs: 4, eventsPerBlob: 5, newest: .hours(1))
            plan.repeatEvery = 3
            scenario.tenants[0].content[type] = plan
        }
        // One blob after another, so that there are several commits to die in.
        scenario.knobs.blobLatency = .milliseconds(60)
    }

    private func die(at point: String, in estate: Estate) async throws {
        var tool = estate.tool
        tool.environment["HEADGATE_CRASH_AT"] = point
        let outcome = try await tool.run("run", "--once")
        #expect(outcome.signal == SIGKILL, "it did not die at \(point): \(outcome)")
    }

    @Test(arguments: [
        "appended:1", "appended:3", "synced:1", "synced:2", "inTransaction:1", "inTransaction:2",
        "inTransaction:3", "committed:1", "committed:2", "archiveWritten:1",
    ])
    func `a run that dies at a crash point is made good by the next`(_ point: String) async throws {
        let estate = try await Estate(Self.blobs)
        try await estate.add()
        try await die(at: point, in: estate)
        try await estate.collect()
        await estate.expectAllStored()
    }

    @Test(arguments: ["appended:2", "synced:1", "synced:2"])
    func `a run that dies while it cuts the journal is made good by the next`(_ before: String) async throws {
        let estate = try await Estate(Self.blobs)
        try await estate.add()
        try await die(at: before, in: estate)
        try await die(at: "cutting:1", in: estate)
        try await estate.collect()
        await estate.expectAllStored()
    }

    @Test func `what stands in the archive after a death is passed over, neither cut nor written again`()
        async throws
    {
        let estate = try await Estate(Self.blobs)
        try await estate.add()
        try await die(at: "archiveWritten:1", in: estate)
        let before = changes(estate)
        #expect(before.count == 5)
        try await estate.collect()
        #expect(changes(estate) == before)
        await estate.expectAllStored()
    }

    /// When each file of the archive was last written or cut, to the nanosecond.
    private func changes(_ estate: Estate) -> [String: FileFacts] {
        var found: [String: FileFacts] = [:]
        for name in Folder.files(below: estate.home + "/archive") {
            found[name] = FileFacts("\(estate.home)/archive/\(name)")
        }
        return found
    }

    @Test func `deaths one after another are made good by the run that lives`() async throws {
        let estate = try await Estate(Self.blobs)
        try await estate.add()
        for point in ["appended:1", "committed:1", "synced:1", "committed:1", "archiveWritten:1"] {
            try await die(at: point, in: estate)
        }
        try await estate.collect()
        await estate.expectAllStored()
    }
}
#endif
