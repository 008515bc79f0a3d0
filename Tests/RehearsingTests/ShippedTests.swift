// SPDX-License-Identifier: Apache-2.0
import Connectors
import Rehearsing
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10)))
struct ShippedTests {
    static let connectors = (try? Shelf(shipped: Repository.connectors))?.items ?? []

    @Test func `there are connectors to rehearse`() { #expect(!Self.connectors.isEmpty) }

    @Test(arguments: connectors.map(\.folder))
    func `every test of a shipped connector passes`(_ folder: String) async throws {
        let clouds = try Shelf(shipped: Repository.connectors).clouds
        let inspection = Shelf.inspect(folder: folder)
        let definition = try #require(inspection.definition)
        #expect(inspection.findings.isEmpty)
        #expect(!inspection.rehearsals.isEmpty)
        for result in try await Rehearser(definition, clouds: clouds).run(inspection.rehearsals) {
            #expect(result.passed, "\(result.file): \(result.differences)")
        }
    }
}
