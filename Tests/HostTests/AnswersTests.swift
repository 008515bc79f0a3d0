// SPDX-License-Identifier: Apache-2.0
import Basics
import Host
import Testing

@Suite struct AnswersTests {
    private func read(_ text: String) throws(AnswersRefused) -> Answers {
        try AnswersFile(parsing: Array(text.utf8)).answers
    }

    private func sentences(_ text: String) -> [String] {
        do {
            _ = try read(text)
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    @Test func `a whole file is read`() throws {
        let answers = try read(
            """
            {"customer": "contoso", "connector": "office365-management", "name": "o365", "cloud": "commercial",
             "credentials": {"tenantId": "a", "publisherId": null}, "streams": ["Audit.Exchange"], "start": "P7D",
             "secretExpires": "2027-05-31"}
            """
        )
        #expect(answers.customer == "contoso")
        #expect(answers.credentials == ["tenantId": "a"])
        #expect(answers.streams == ["Audit.Exchange"])
        #expect(answers.reach == .days(7))
        #expect(answers.secretExpires == Timestamp(iso8601: "2027-05-31"))
    }

    @Test func `every problem is said at once, with its line`() {
        let found = sentences(
            """
            {"customer": "Contoso Ltd",
             "conector": "x",
             "name": 7,
             "start": "P8D",
             "streams": []}
            """
        )
        #expect(found.count == 6, "\(found)")
        #expect(found.contains { $0.hasPrefix("line 1 /customer: \"Contoso Ltd\" is no id") })
        #expect(found.contains { $0.hasPrefix("line 2 /conector: unknown key") })
        #expect(found.contains { $0.contains("\"connector\" is missing") })
        #expect(found.contains { $0.hasPrefix("line 3 /name: ") })
        #expect(found.contains { $0.hasPrefix("line 4 /start: ") && $0.contains("P7D") })
        #expect(found.contains { $0.hasPrefix("line 5 /streams: ") })
    }

    @Test(arguments: ["", "[", "{\"customer\": \"a\", \"customer\": \"b\"}", "[]", "\u{FEFF}{}"])
    func `a file that is not one JSON object is refused`(_ text: String) {
        #expect(!sentences(text).isEmpty)
    }

    @Test(arguments: [
        ("now", true), ("P7D", true), ("PT1H", true), ("P7DT1S", false), ("yesterday", false),
        ("PT0S", false),
    ])
    func `start is now or a duration of at most seven days`(_ start: String, _ isTaken: Bool) {
        let found = sentences(
            #"{"customer": "a", "connector": "b", "name": "c", "start": "\#(start)"}"#
        )
        #expect(found.isEmpty == isTaken, "\(found)")
    }
}

@Suite struct SecretTextTests {
    private func take(_ text: String) throws(CredentialRefused) -> Secret {
        try SecretText.secret(from: Array(text.utf8), named: "the file")
    }

    @Test(arguments: ["s3cr3t-value", "s3cr3t-value\n", "s3cr3t-value\r\n"])
    func `exactly one final newline is dropped`(_ text: String) throws {
        try take(text).reveal { #expect($0 == "s3cr3t-value") }
    }

    @Test(arguments: [
        ("s3cr3t-value\n\n", "ends with a newline"), (" s3cr3t-value", "begins with a space"),
        ("s3cr3t-value\u{200B}", "ends with a zero-width space"),
        ("\u{FEFF}s3cr3t-value", "begins with a byte order mark"),
        ("s3cr3t-value\r", "ends with a carriage return"), ("\n", "is empty"), ("", "is empty"),
    ])
    func `invisible characters at the ends are refused by name`(_ text: String, _ says: String) {
        let error = #expect(throws: CredentialRefused.self) { try take(text) }
        #expect(error?.description.contains(says) == true)
        #expect(error?.description.contains("s3cr3t") == false)
    }
}
