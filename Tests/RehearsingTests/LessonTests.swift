// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Rehearsing
import TestSupport
import Testing

@Suite("The lesson of docs/connectors.md", .timeLimit(.minutes(10)))
struct LessonTests {
    /// The fenced files of the document: those whose fence names a path after its language.
    private func files() throws -> [(path: String, text: String)] {
        let bytes = try #require(TemporaryFolder.contents(of: Repository.root + "/docs/connectors.md"))
        var files: [(path: String, text: String)] = []
        var open: (path: String, lines: [Substring])?
        for line in String(decoding: bytes, as: UTF8.self).split(
            separator: "\n",
            omittingEmptySubsequences: false
        ) {
            if let file = open {
                if line == "```" {
                    files.append((file.path, file.lines.map { $0 + "\n" }.joined()))
                    open = nil
                } else {
                    open?.lines.append(line)
                }
            } else if line.hasPrefix("```") {
                let words = line.dropFirst(3).split(separator: " ")
                if words.count == 2 { open = (String(words[1]), []) }
            }
        }
        return files
    }

    @Test func `every file of it, taken as it stands, lints, reaches bronze and passes its tests`()
        async throws
    {
        let folder = TemporaryFolder()
        for file in try files() { folder.write(file.text, to: file.path) }
        let inspection = Shelf.inspect(folder: folder.file("door-log"), isShipped: false)
        #expect(inspection.findings.map(\.description) == [])
        let clouds = try Shelf(shipped: Repository.connectors).clouds
        #expect(inspection.lacks(for: .bronze, clouds: clouds).map(\.description) == [])
        #expect(inspection.rehearsals.count == 7)
        let definition = try #require(inspection.definition)
        for result in try await Rehearser(definition, clouds: clouds).run(inspection.rehearsals) {
            #expect(result.passed, "\(result.file): \(result.differences)")
        }
    }

    @Test func `what it says of an unknown site is so`() throws {
        let text = try #require(try files().first { $0.path == "door-log/connector.json" }).text
        let definition = try #require(Definition.read(Array(text.utf8)).definition)
        let sample = try AnswerSample.read(Array("HTTP/1.1 404 Not Found\n\n{}".utf8), file: "answer.txt")
        let diagnosis = definition.diagnose(sample.reply, service: nil, step: nil, now: .init(seconds: 0))
        #expect(diagnosis?.trials[0].misfit?.asks == "status")
        #expect(diagnosis?.trials[1].misfit?.asks == "code" && diagnosis?.trials[1].misfit?.found == "none")
    }
}
