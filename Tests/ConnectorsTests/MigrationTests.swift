// SPDX-License-Identifier: Apache-2.0
import Connectors
import JSON
import Testing

@Suite("Carrying a connection over to another version of its definition")
struct MigrationTests {
    /// The general definition as `version`, with these migrations.
    private func definition(_ version: String, _ migrations: Value) throws -> Definition {
        var object = try #require(Value(parsing: Mutation.base("general")).objectValue)
        object["version"] = .string(version)
        object["migrations"] = migrations
        let (definition, findings) = Definition.read(Value.object(object).bytes())
        return try #require(definition, "\(findings)")
    }

    private static let migrations: Value = [
        [
            "from": "1.*", "rename": ["area": "region"], "drop": ["old"], "default": ["region": "us"],
            "say": "The area is called region now.",
        ],
        ["from": "*", "say": "Anything older."],
    ]
    private let credentials: Object = ["domain": "a.okta.example", "area": "eu", "old": "x"]

    @Test func `leaves one of the same version alone`() throws {
        let definition = try definition("2.0.0", Self.migrations)
        #expect(definition.carry(credentials, from: "2.0.0") == .current)
        #expect(definition.carry(credentials, from: nil) == .current)
    }

    @Test func `renames, drops and fills in by the first rule that fits`() throws {
        let definition = try definition("2.0.0", Self.migrations)
        #expect(
            definition.carry(credentials, from: "1.4.2")
                == .over(
                    credentials: ["domain": "a.okta.example", "region": "eu"],
                    say: "The area is called region now."
                )
        )
        #expect(
            definition.carry(["domain": "a.okta.example"], from: "1.0.0")
                == .over(
                    credentials: ["domain": "a.okta.example", "region": "us"],
                    say: "The area is called region now."
                )
        )
        #expect(
            definition.carry(["domain": "a", "area": "eu", "region": "us"], from: "1.0.0")
                == .over(
                    credentials: ["domain": "a", "region": "us"],
                    say: "The area is called region now."
                )
        )
        #expect(
            definition.carry(["domain": "a"], from: "0.9.0")
                == .over(credentials: ["domain": "a"], say: "Anything older.")
        )
    }

    @Test func `takes a smaller change as it is`() throws {
        let definition = try definition("2.10.0", [])
        #expect(
            definition.carry(["domain": "a"], from: "2.9.1") == .over(credentials: ["domain": "a"], say: nil)
        )
    }

    @Test(arguments: [("1.0.0", false), ("2.10.1", true), ("3.0.0", true), ("10.0.0", true)])
    func `refuses a major change without a rule, and what is newer`(_ version: String, _ isNewer: Bool) throws
    {
        let definition = try definition("2.10.0", [])
        let failure = ConnectorFailure.notCarried(
            id: "general",
            from: version,
            to: "2.10.0",
            isNewer: isNewer
        )
        #expect(definition.carry(["domain": "a"], from: version) == .refused(failure))
        #expect(failure.description.contains(version) && failure.description.hasSuffix("."))
        #expect(failure.remedy.next == "headgate connection add --answers FILE")
    }

    @Test func `refuses one that lacks what is needed now`() throws {
        let definition = try definition("2.0.0", Self.migrations)
        #expect(
            definition.carry(["area": "eu"], from: "1.0.0")
                == .refused(.lacking(id: "general", field: "Domain", from: "1.0.0", to: "2.0.0"))
        )
    }
}
