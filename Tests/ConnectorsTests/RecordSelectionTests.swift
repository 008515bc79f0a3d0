// SPDX-License-Identifier: Apache-2.0
import Connectors
import JSON
import Testing

@Suite struct RecordSelectionTests {
    private func selection(_ text: String) throws -> RecordSelection {
        let (selection, findings) = RecordSelection.read(try Value(parsing: Array(text.utf8)))
        return try #require(selection, "\(findings.map(\.description))")
    }

    private func kept(_ selection: RecordSelection, _ body: String) throws -> [Int] {
        let bytes = Array(body.utf8)
        let names = selection.names
        let split = try Scanner.split(bytes, picking: names.map { [$0] })
        let places = Dictionary(uniqueKeysWithValues: zip(names, 0...))
        return (0..<split.count).filter {
            selection.keeps(ScannedRecord(bytes, split, $0, places: places))
        }
    }

    private static let body = #"""
        [{"Operation": "FileAccessed", "Workload": "SharePoint", "Actor": [{"ID": "a"}, {"ID": "b"}]},
         {"Operation": "UserLoggedIn", "Workload": "AzureActiveDirectory"},
         {"Operation": "FileModified", "Workload": "OneDrive", "Actor": {"ID": "c"}},
         {"Workload": "Exchange"}]
        """#

    @Test(arguments: [
        (#"{"where": "Operation startsWith 'File'"}"#, [0, 2]),
        (#"{"drop": "Operation startsWith 'File'"}"#, [1, 3]),
        (#"{"where": "Workload in ('SharePoint', 'OneDrive')", "drop": "Operation == 'FileModified'"}"#, [0]),
        (#"{"where": "Actor[*].ID == 'b' or Actor.ID == 'c'"}"#, [0, 2]),
        (#"{"where": "Operation exists"}"#, [0, 1, 2]),
        (#"{"redact": ["Actor"]}"#, [0, 1, 2, 3]),
    ])
    func `conditions decide on the fields they name`(_ text: String, _ wanted: [Int]) throws {
        #expect(try kept(selection(text), Self.body) == wanted)
    }

    @Test(arguments: [
        (#"{}"#, "/", "chooses nothing"), (#"{"were": "a == 1"}"#, "/were", "no key of the language"),
        (#"{"where": "a =="}"#, "/where", ""), (#"{"redact": []}"#, "/redact", "empty"),
        (#"{"redact": ["a[0]"]}"#, "/redact/0", "more than names"), (#"[1]"#, "/", "type array"),
    ])
    func `what the language does not read is refused with its place`(
        _ text: String,
        _ place: String,
        _ words: String
    ) throws {
        let (selection, findings) = RecordSelection.read(try Value(parsing: Array(text.utf8)))
        #expect(selection == nil)
        let finding = try #require(findings.first)
        #expect("/" + finding.pointer.description.dropFirst() == place)
        #expect(words.isEmpty || finding.message.contains(words), "\(finding.message)")
    }

    @Test func `a choice that cannot be read any more stores nothing instead of everything`() throws {
        #expect(throws: ConnectorFailure.self) { try RecordSelection.kept(["hide": "all"]) }
        #expect(try RecordSelection.kept(nil) == nil)
    }
}
