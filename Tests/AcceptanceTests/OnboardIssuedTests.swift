// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import JSON
import TestSupport
import Testing

/// An app made by device code that proves itself with a secret, which only one answer of the directory ever holds.
@Suite(.timeLimit(.minutes(10))) struct OnboardIssuedTests {
    /// How the secrets begin that the simulated directory makes.
    private static let issued = "sim8Q~"

    private let turns: [(see: String, answer: String)] = [
        ("Which customer is this?", "Contoso"), ("How do you want to get it?", "2"),
        ("What will be made in the tenant", "3"), ("With what shall the app prove itself?", "2"),
        ("a client secret of the app, which goes straight into the vault", ""),
    ]

    private func secrets(_ estate: Estate) async -> [Value] {
        let made = await estate.simulator.directory(tenant: Estate.tenant, made: true)
        return made["credentials"]?.arrayValue?.filter { $0["kind"] == "secret" } ?? []
    }

    private func expectHidden(_ estate: Estate, _ typist: Typist) {
        #expect(!typist.transcript.contains(Self.issued))
        for file in estate.folder.files() where file.hasPrefix("home/") {
            let bytes = TemporaryFolder.contents(of: estate.folder.file(file)) ?? []
            #expect(Needle(Self.issued).place(in: bytes) == nil, "\(file) holds the secret")
        }
    }

    @Test func `the directory makes the secret, it is in the vault alone, and its end is known`() async throws
    {
        let estate = try await Estate.bare()
        let typist = try Typist(estate.tool, ["onboard", "--cloud", "lab"])
        try await typist.converse(turns)
        try await typist.see("contoso/o365 is set up", within: .seconds(180))
        #expect(await typist.end(within: .seconds(180)) == 0, "\(typist.transcript)")
        let status = try Value(parsing: Array(try await estate.tool.run(["status", "--json"]).out.utf8))
        let credential = status["customers"]?[0]?["connections"]?[0]?["credential"]
        #expect(credential?["kind"] == "secret" && credential?["source"] == "verified")
        #expect(await secrets(estate).count == 1)
        let end = try #require(credential?["expiresAt"]?.stringValue.flatMap { Timestamp(iso8601: $0) })
        // Two years, as the directory gives where nobody says otherwise.
        #expect(abs((end - SystemTime().now).wholeSeconds - 730 * 86_400) < 86_400)
        expectHidden(estate, typist)
        try await estate.collect()
    }

    @Test func `a secret whose answer was lost is taken away, and another takes its place`() async throws {
        let estate = try await Estate.bare { scenario in
            scenario.faults.append(
                Fault(.truncate(after: 20), on: .init(.graph, path: "*/addPassword"), times: 1)
            )
        }
        let first = try Typist(estate.tool, ["onboard", "--cloud", "lab"])
        try await first.converse(turns + [("Take back what was made so far?", "2")])
        #expect(await first.end() != 0)
        let lost = await secrets(estate)
        #expect(lost.count == 1)
        let id = try #require(
            first.transcript.resumedWalk
        )
        let second = try Typist(estate.tool, ["onboard", "--resume", id])
        try await second.see("contoso/o365 is set up", within: .seconds(180))
        #expect(await second.end(within: .seconds(180)) == 0, "\(second.transcript)")
        let made = await secrets(estate)
        #expect(made.count == 1 && made.first?["keyId"] != lost.first?["keyId"])
        expectHidden(estate, second)
    }

    @Test func `where the app then comes another way, its credential is asked for`() async throws {
        let estate = try await Estate.bare()
        let typist = try Typist(estate.tool, ["onboard", "--cloud", "lab"])
        try await typist.converse(
            turns.dropLast() + [
                ("a client secret of the app", "4"), ("How do you want to get it?", "1"),
                ("Application (client) ID", Estate.app),
            ]
        )
        try await typist.see("With what does the app prove itself?", within: .seconds(20))
        try await typist.see("> ")
        typist.press(Typist.ctrlC)
        #expect(await typist.end() == 130)
    }

    @Test func `the choice can be taken back to the certificate, and nothing of a secret is made`()
        async throws
    {
        let estate = try await Estate.bare()
        let typist = try Typist(estate.tool, ["onboard", "--cloud", "lab"])
        try await typist.converse(
            turns.dropLast() + [
                ("a client secret of the app", "3"), ("With what shall the app prove itself?", "1"),
                ("its certificate, good until", ""),
            ]
        )
        try await typist.see("contoso/o365 is set up", within: .seconds(180))
        #expect(await typist.end(within: .seconds(180)) == 0, "\(typist.transcript)")
        #expect(await secrets(estate).isEmpty)
    }
}
