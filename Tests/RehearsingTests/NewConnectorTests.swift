// SPDX-License-Identifier: Apache-2.0
import Connectors
import Rehearsing
import TestSupport
import Testing

@Suite("A connector to begin with", .timeLimit(.minutes(10)))
struct NewConnectorTests {
    static let all: [NewConnector] = NewConnector.Kind.allCases.flatMap { kind in
        NewConnector.SignIn.allCases.compactMap { signIn in
            NewConnector(id: "own-\(kind)-\(signIn)", kind: kind, signIn: signIn)
        }
    }

    @Test(arguments: all.indices) func `lints without a finding, and its tests pass`(_ index: Int)
        async throws
    {
        let made = Self.all[index]
        let folder = TemporaryFolder()
        for file in made.files {
            #expect(!file.text.contains("«"), "\(file.path)")
            folder.write(file.text, to: made.id + "/" + file.path)
        }
        let inspection = Shelf.inspect(folder: folder.file(made.id), isShipped: false)
        #expect(inspection.findings.map(\.description) == [])
        let definition = try #require(inspection.definition)
        #expect(inspection.rehearsals.count >= 10)
        let clouds = try Shelf(shipped: Repository.connectors).clouds
        for result in try await Rehearser(definition, clouds: clouds).run(inspection.rehearsals) {
            #expect(result.passed, "\(result.file): \(result.differences)")
        }
    }

    @Test(arguments: [
        "", "Own", "own audit", "../own", "a/b", "own\u{1B}", String(repeating: "x", count: 64),
    ])
    func `takes no name that is no id`(_ id: String) {
        #expect(NewConnector(id: id, kind: .window, signIn: .header) == nil)
    }
}
