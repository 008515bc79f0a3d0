// SPDX-License-Identifier: Apache-2.0
import Connectors
import TestSupport
import Testing

@Suite("Tiers")
struct TierTests {
    private let folder = TemporaryFolder()
    private let clouds: Clouds

    init() throws { clouds = try Shelf(shipped: Repository.connectors).clouds }

    /// A new connector without the files of `left`, each file's text changed by `change`.
    private func inspect(
        signIn: NewConnector.SignIn = .oauth2,
        without left: [String] = [],
        _ change: (String, String) -> String = { _, text in text }
    ) throws -> Shelf.Inspection {
        let made = try #require(NewConnector(id: "own", kind: .window, signIn: signIn))
        for file in made.files where !left.contains(file.path) {
            folder.write(change(file.path, file.text), to: "own/" + file.path)
        }
        return Shelf.inspect(folder: folder.file("own"), isShipped: false)
    }

    private func replacing(_ old: String, by new: String, in text: String) -> String {
        text.split(separator: old, omittingEmptySubsequences: false).joined(separator: new)
    }

    @Test func `every shipped connector reaches the tier it claims`() throws {
        for item in try Shelf(shipped: Repository.connectors).items {
            let definition = try #require(item.definition)
            let lacks = Shelf.inspect(folder: item.folder).lacks(for: definition.tier, clouds: clouds)
            #expect(lacks.map(\.description) == [])
        }
    }

    @Test(arguments: NewConnector.SignIn.allCases) func `a new connector reaches silver, and not gold`(
        _ signIn: NewConnector.SignIn
    ) throws {
        let inspection = try inspect(signIn: signIn)
        #expect(inspection.findings.map(\.description) == [])
        #expect(inspection.lacks(for: .bronze, clouds: clouds) == [])
        #expect(inspection.lacks(for: .silver, clouds: clouds).map(\.description) == [])
        let gold = inspection.lacks(for: .gold, clouds: clouds)
        #expect(gold.map(\.message) == ["For the tier gold, no certificate is taken."])
        #expect(gold.first.map { $0.line > 1 } == true)
    }

    @Test(arguments: [
        ("happy", RequiredCase.happy), ("empty", .empty), ("two-pages", .twoPages),
        ("page-loop", .pageLoop), ("throttled", .throttled), ("not-json", .notJSON),
        ("token-expires", .expiredToken), ("longer-away", .olderThanRetention),
        ("foreign-next-page", .foreignPage),
    ])
    func `a case that no test shows is missed by its tier`(_ file: String, _ missed: RequiredCase) throws {
        let inspection = try inspect(without: ["tests/\(file).json"])
        let bronze = inspection.lacks(for: .bronze, clouds: clouds)
        #expect(bronze.count == (missed.tier == .bronze ? 1 : 0), "\(bronze)")
        let silver = inspection.lacks(for: .silver, clouds: clouds)
        #expect(silver.count == 1 && silver.first?.rule == .tests, "\(silver)")
        #expect(silver.first?.message.contains("the case \(missed.rawValue).") == true)
        #expect(silver.first?.fix.hasPrefix("Add a stream test") == true)
    }

    @Test func `a case is told by what a test says, never by what it is called`() throws {
        var number = 0
        let inspection = try inspect { path, text in
            guard path.hasPrefix("tests/") else { return text }
            number += 1
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
                line.hasPrefix(#"  "name":"#) ? #"  "name": "x\#(number)","# : String(line)
            }
            return lines.joined(separator: "\n")
        }
        #expect(inspection.lacks(for: .silver, clouds: clouds) == [])
        // A test that is called the happy one and shows something else does not count.
        let renamed = try inspect { path, text in
            path == "tests/happy.json" ? replacing(#""events": 2"#, by: #""events": 0"#, in: text) : text
        }
        #expect(
            renamed.lacks(for: .bronze, clouds: clouds).map(\.message)
                == ["For the tier bronze, no test shows the case happy."]
        )
    }

    @Test func `an error rule that no test shows is missed from silver on`() throws {
        let inspection = try inspect { path, text in
            switch path {
            case "connector.json": replacing(#""tier": "silver""#, by: #""tier": "bronze""#, in: text)
            case "tests/answers.json":
                replacing(
                    #""rule": "not-allowed", "class": "permission", "action": "block-stream""#,
                    by: #""rule": "host.forbidden""#,
                    in: text
                )
            default: text
            }
        }
        #expect(inspection.findings == [])
        #expect(inspection.lacks(for: .bronze, clouds: clouds) == [])
        let silver = inspection.lacks(for: .silver, clouds: clouds)
        #expect(silver.map(\.message) == ["No test shows an answer that the rule \"not-allowed\" fits."])
    }

    @Test func `what cannot come about need not be shown`() throws {
        let header = try #require(try inspect(signIn: .header).definition)
        #expect(!RequiredCase.expiredToken.applies(to: header))
        #expect(RequiredCase.foreignPage.applies(to: header))
        let (general, _) = Definition.read(try Mutation.base("general"))
        #expect(try !RequiredCase.olderThanRetention.applies(to: #require(general)))
    }
}
