// SPDX-License-Identifier: Apache-2.0
import CloudSimulator
import JSON
import TestSupport
import Testing

/// Somebody who answers at random, goes back, leaves and comes again; whatever they do, some things hold.
@Suite(.timeLimit(.minutes(15))) struct OnboardWanderTests {
    private static let wrong = "wr0ng~Quarry.Saddle_Meadow-7c1e5b20d4"
    /// How many times something is typed.
    private static let steps = 50

    @Test(arguments: 1...4)
    func `whoever wanders makes nothing unasked, doubles nothing, and is never stuck`(_ seed: Int)
        async throws
    {
        let estate = try await Estate { scenario in
            scenario.apps[0].roles = [Estate.tenant: seed.isMultiple(of: 2) ? ["ActivityFeed.Read"] : []]
            scenario.tenants[0].subscriptions = []
            scenario.tenants[0].plans = seed.isMultiple(of: 3) ? ["EXCHANGE_S_ENTERPRISE"] : ["AAD_PREMIUM"]
            scenario.knobs.deviceInterval = .seconds(1)
            var somebody = Scenario.SignIn()
            somebody.home = Estate.tenant
            scenario.signIn = somebody
        }
        estate.folder.write("", to: "out/.keep")
        var wanderer = Wanderer(estate, seed: UInt64(seed), secrets: [Estate.secret, Self.wrong])
        for _ in 0..<Self.steps { try await wanderer.step() }
        try await wanderer.leave()

        let made = await estate.simulator.directory(tenant: Estate.tenant, made: true)
        let apps = made["applications"]?.arrayValue?.count ?? 0
        #expect(apps <= wanderer.agreements, "\(wanderer.story)")
        let list = try await estate.tool.run(["connection", "list", "--json"])
        let connections = try Value(parsing: Array(list.out.utf8))["connections"]?.arrayValue ?? []
        let names = connections.compactMap { $0["connector"]?.stringValue }
        #expect(Set(names).count == names.count, "\(names): \(wanderer.story)")
        #expect(try await [0, 1, 2].contains(estate.tool.run(["status"]).exit))
        for secret in [Estate.secret, Self.wrong] {
            #expect(!wanderer.shown.contains(secret))
            for file in estate.folder.files() where file.hasPrefix("home/") {
                let bytes = TemporaryFolder.contents(of: estate.folder.file(file)) ?? []
                #expect(Needle(secret).place(in: bytes) == nil, "\(file) holds a secret")
            }
        }
        // What is given up is gone.
        for walk in try await walks(estate) {
            let given = try await estate.tool.run(["onboard", "--abandon", walk])
            #expect(given.exit == 0, "\(given)")
        }
        #expect(try await walks(estate) == [])
    }

    private func walks(_ estate: Estate) async throws -> [String] {
        let outcome = try await estate.tool.run(["wizard", "list", "--json"])
        let list = try Value(parsing: Array(outcome.out.utf8))["walks"]?.arrayValue ?? []
        return list.compactMap { $0["id"]?.stringValue }
    }
}

/// Types something fitting, or not, at each question.
private struct Wanderer {
    private let estate: Estate
    private let secrets: [String]
    private var random: SeededNumbers
    private var typist: Typist?
    private var walk: String?
    /// How often it was agreed to make something.
    private(set) var agreements = 0
    /// Everything that was ever shown.
    private(set) var shown = ""
    /// What was typed where.
    private(set) var story: [String] = []

    init(_ estate: Estate, seed: UInt64, secrets: [String]) {
        self.estate = estate
        self.secrets = secrets
        random = SeededNumbers(seed)
    }

    mutating func step() async throws {
        let typist = try typist ?? start()
        self.typist = typist
        switch try await typist.moment() {
        case .ended: try await end(typist)
        case .waits:
            switch Int.random(in: 0..<4, using: &random) {
            case 0:
                story.append("Ctrl-C in a wait")
                typist.press(Typist.ctrlC)
                try await end(typist)
            case 1: type("back", "a wait", typist)
            case 2: type("", "a wait", typist)
            default: try await Task.sleep(for: .milliseconds(300))
            }
        case .asks:
            let question = question(typist)
            switch Int.random(in: 0..<24, using: &random) {
            case 0:
                story.append("Ctrl-C at \(question.words)")
                typist.press(Typist.ctrlC)
                try await end(typist)
            case 1...4: type("back", question.words, typist)
            case 5: type("?", question.words, typist)
            default:
                let answer = answer(question)
                if question.words.contains("Make this in"), answer.isEmpty || answer == "1" {
                    agreements += 1
                }
                type(answer, question.words, typist)
            }
        }
    }

    /// Leaves whatever is open.
    mutating func leave() async throws {
        guard let typist else { return }
        if try await typist.moment() != .ended { typist.press(Typist.ctrlC) }
        try await end(typist)
    }

    private mutating func start() throws -> Typist {
        let out = ["--out", estate.folder.file("out")]
        if let walk, Bool.random(using: &random) {
            story.append("--resume")
            return try Typist(estate.tool, ["onboard", "--resume", walk] + out)
        }
        let more =
            Bool.random(using: &random)
            ? ["--connector", "office365-management", "--connector", "entra-signins"] : []
        story.append("onboard \(more.count / 2)")
        return try Typist(estate.tool, ["onboard", "--cloud", "lab"] + out + more)
    }

    private mutating func end(_ typist: Typist) async throws {
        let exit = await typist.end()
        #expect([0, 1, 4, 5, 130].contains(exit), "\(exit) after \(story)\n\(typist.transcript)")
        story.append("exit \(exit)")
        shown += typist.transcript
        walk = [4, 5, 130].contains(exit) ? typist.transcript.resumedWalk : nil
        self.typist = nil
    }

    private mutating func type(_ line: String, _ place: String, _ typist: Typist) {
        story.append("\(place): \(secrets.contains(line) ? "a secret" : line)")
        typist.answer(line)
    }

    /// The question that stands last on the screen, and how many choices it has.
    private func question(_ typist: Typist) -> (words: String, choices: Int) {
        let lines = typist.screenLines.suffix(40)
        var words: [String] = []
        var choices = 0
        for line in lines {
            if line.contains("> "), line != lines.last {
                (words, choices) = ([], 0)
            } else if let number = line.firstMatch(of: /^ {4}(\d+) {2}/).flatMap({ Int($0.1) }) {
                choices = number == 1 ? 1 : max(choices, number)
            } else if choices == 0, line.hasPrefix("  "), !line.hasPrefix("   "), line != lines.last {
                words.append(line)
            }
        }
        return (words.suffix(2).joined().split(separator: " ").joined(separator: " "), choices)
    }

    private mutating func answer(_ question: (words: String, choices: Int)) -> String {
        let known: [(words: String, answers: [String])] = [
            ("Which customer", ["Contoso"]),
            (
                "tenant's domain",
                ["contoso.onmicrosoft.com", "contoso.onmicrosoft.com", Estate.tenant, "nowhere.example"]
            ),
            (
                "Client Key",
                [Estate.app, Estate.app, Estate.app, "0ddba11a-0000-4000-8000-000000000000", "no guid"]
            ),
            ("Secret Key", [secrets[0], secrets[0], secrets[0], secrets[1]]),
            ("certificate's file", ["back", "/nowhere"]), ("Which cloud", ["lab", "commercial", "nowhere"]),
            ("secret expire", ["", "2031-05-31", "yesterday"]), ("From when on", ["now", "3d", "never"]),
            ("Press Enter", [""]),
        ]
        if question.words.contains("prove itself?") {
            return ["1", "2", "2", "2", "3"].randomElement(using: &random) ?? "2"
        }
        if question.choices > 0 {
            return Int.random(in: 0..<3, using: &random) == 0
                ? "" : String(Int.random(in: 1...question.choices, using: &random))
        }
        return known.first { question.words.contains($0.words) }?.answers.randomElement(using: &random) ?? ""
    }
}
