// SPDX-License-Identifier: Apache-2.0
import Connectors
import JSON
import TestSupport
import Testing
import Wizard

@Suite struct FlowTests {
    static func shelf() throws -> Shelf { try Shelf(shipped: Repository.root + "/connectors") }

    private static func shipped() throws -> Value {
        let bytes = try #require(
            TemporaryFolder.contents(of: Repository.root + "/wizard/microsoft-365/flow.json")
        )
        return try Value(parsing: bytes)
    }

    private func read(_ flow: Value) throws -> [Finding] {
        Flow.read(
            flow.bytes(),
            including: IncludedFiles(own: nil, shipped: Repository.root + "/connectors"),
            shelf: try Self.shelf()
        ).findings
    }

    @Test func `every shipped flow reads without a finding`() throws {
        let flows = try FlowShelf(Repository.root + "/wizard", shelf: Self.shelf())
        #expect(flows.items.flatMap(\.findings).map(\.description) == [])
        #expect(flows.items.count >= 2)
    }

    @Test func `every row of the table is refused by lint with its rule`() throws {
        let table = try #require(
            TemporaryFolder.contents(of: Repository.root + "/Tests/schema/flow-mutations.json")
        )
        let rows = try Value(parsing: table).arrayValue ?? []
        #expect(rows.count >= 20)
        for row in rows {
            let flow = Mutation.apply(row, to: try Self.shipped())
            let rules = try read(flow).map(\.rule.rawValue)
            let wanted = try #require(row["rule"]?.stringValue)
            #expect(rules.contains(wanted), "\(row.text()): \(rules)")
        }
    }

    @Test func `all that is wrong is said at once, with its line`() throws {
        let text = """
            {
              "headgate": 1, "id": "t", "does": "sleep", "title": "T",
              "steps": [
                { "id": "a", "kind": "ask", "title": "A" },
                { "id": "a", "kind": "check", "title": "{{ nobody.knows }}", "run": "probe", "next": { "x": "gone" } }
              ]
            }
            """
        let (flow, findings) = Flow.read(Array(text.utf8), shelf: try Self.shelf())
        #expect(flow == nil)
        #expect(Set(findings.map(\.line)).isSuperset(of: [2, 4, 5]))
        #expect(findings.count >= 5, "\(findings)")
    }

    @Test func `no flow may put a secret into an address, nor change anything that nobody agreed to`() throws
    {
        var flow = try Self.shipped()
        var steps = flow["steps"]?.arrayValue ?? []
        steps.removeAll { $0["id"] == "agree-create" }
        var object = flow.objectValue ?? [:]
        object["steps"] = .array(steps)
        flow = .object(object)
        #expect(try read(flow).contains { $0.message.contains("nobody agreed to") })
    }
}

/// Breaks a good document in one way.
enum Mutation {
    static func apply(_ row: Value, to document: Value) -> Value {
        let tokens = Pointer(row["at"]?.stringValue ?? "")?.tokens ?? []
        return change(document, tokens[...], row["do"] == "remove" ? nil : row["value"])
    }

    private static func change(_ value: Value, _ path: ArraySlice<String>, _ new: Value?) -> Value {
        guard let first = path.first else { return new ?? .null }
        let rest = path.dropFirst()
        if var elements = value.arrayValue, let index = Int(first), elements.indices.contains(index) {
            if rest.isEmpty, new == nil {
                elements.remove(at: index)
            } else {
                elements[index] = change(elements[index], rest, new)
            }
            return .array(elements)
        }
        var object = value.objectValue ?? [:]
        if rest.isEmpty, new == nil {
            object[first] = nil
        } else {
            object[first] = change(object[first] ?? .object([:]), rest, new)
        }
        return .object(object)
    }
}
