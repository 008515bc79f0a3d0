// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import JSON
import Testing

@Suite struct PlanListTests {
    private func held(_ body: String) throws -> Set<String>? {
        let (read, findings) = Definition.read(try Mutation.base("general"))
        let definition = try #require(read, "\(findings.map(\.description))")
        let list = try #require(definition.planStep?.plans)
        let value = try Value(parsing: Array(body.utf8))
        return list.held(in: Names(["response": ["status": 200, "body": value]]))
    }

    @Test(arguments: [
        (#"{"skus": [{"state": "on", "plans": [{"name": "P1"}, {"name": "F1"}]}]}"#, ["F1", "P1"]),
        (#"{"skus": [{"state": "off", "plans": [{"name": "P1"}]}, {"state": "on", "plans": []}]}"#, []),
        (#"{"skus": [{"state": "on", "plans": [{"name": 7}, {"title": "P2"}]}]}"#, ["7"]),
        (#"{"skus": []}"#, []),
    ])
    func `plans are read through lists of lists`(_ body: String, _ wanted: [String]) throws {
        #expect(try held(body)?.sorted() == wanted)
    }

    @Test(arguments: [
        "{}", "[]", #"{"skus": null}"#, #"{"skus": {"state": "on"}}"#, #"{"skus": [{"state": "on"}]}"#,
        #""skus""#,
    ])
    func `an answer of another shape names no plans, which is not the same as none`(_ body: String) throws {
        #expect(try held(body) == nil)
    }

    @Test func `a license is satisfied by any of its plans, and proves itself by name`() throws {
        let definition = try #require(Definition.read(try Mutation.base("general")).definition)
        let system = try #require(definition.stream("system"))
        #expect(definition.missingLicense(of: system, with: ["F1"])?.id == "premium")
        #expect(definition.missingLicense(of: system, with: ["P2"]) == nil)
        #expect(definition.proven(by: ["P1"]) == ["P1", "premium"])
        #expect(definition.known(["P1", "F1"]) == ["P1"])
        #expect(system.retention(plans: definition.proven(by: ["P1"])) == .days(180))
        #expect(system.retention(plans: definition.proven(by: ["F1"])) == .days(90))
    }
}
