// SPDX-License-Identifier: Apache-2.0
import Connectors
import JSON
import TestSupport
import Testing

@Suite("Every shipped connector")
struct ShippedConnectorTests {
    private func shelf() throws -> Shelf { try Shelf(shipped: Repository.connectors) }

    @Test func `stands on the shelf and can be used`() throws {
        let shelf = try shelf()
        #expect(!shelf.items.isEmpty)
        for item in shelf.items {
            #expect(item.findings.map(\.description) == [])
            #expect(item.definition?.id == item.id)
        }
    }

    @Test func `lints without a finding, tests and README included`() throws {
        for item in try shelf().items {
            let inspection = Shelf.inspect(folder: item.folder)
            #expect(inspection.findings.map(\.description) == [])
            #expect(!inspection.rehearsals.isEmpty)
        }
    }

    @Test func `takes every answer of its tests for what it is`() throws {
        for item in try shelf().items {
            let inspection = Shelf.inspect(folder: item.folder)
            guard let definition = inspection.definition else { continue }
            for (file, rehearsal) in inspection.rehearsals where rehearsal.kind == .classify {
                #expect(rehearsal.misclassified(by: definition) == [], "\(file)")
            }
        }
    }

    @Test func `has remedies whose every word can be rendered`() throws {
        let names = Names([
            "credentials": [
                "tenantId": "b86ab9d4-0000-4b11-8a06-7a8f91b47fbd",
                "clientKey": "7c1d2b7e-1111-4a8e-9a53-2f6b1e0c9a11",
            ],
            "cloud": ["portal": "https://portal.example", "login": "https://login.example"],
            "connection": ["path": "contoso/o365"],
            "stream": ["id": "DLP.All"],
        ])
        for item in try shelf().items {
            for template in item.definition?.remedies ?? [] {
                let remedy = template.remedy(in: names)
                let words =
                    ([remedy.title, remedy.cause, remedy.who, remedy.takes, remedy.next] + remedy.steps)
                #expect(
                    words.allSatisfy { !$0.isEmpty && !$0.contains("{{") && !$0.contains("  ") },
                    "\(remedy.id)"
                )
                #expect(remedy.where?.hasPrefix("https://") ?? true)
            }
        }
    }
}
