// SPDX-License-Identifier: Apache-2.0
import Connectors
import JSON
import TestSupport
import Testing
import Wizard

/// Texts that are filled in for one customer.
@Suite struct TextFileTests {
    private static func names(_ branding: Value? = nil) -> Names {
        let resource: Value = [
            "name": "Office 365 Management APIs", "appId": "c5393580-f805-4401-95e8-94b7a6ef2fc2",
            "permissions": [
                [
                    "id": "1", "value": "ActivityFeed.ReadDlp",
                    "why":
                        "Reads data loss prevention events with the sensitive values they matched; only one stream needs it.",
                ]
            ],
        ]
        var config: Object = [:]
        config["branding"] = branding
        return Names([
            "customer": ["id": "contoso", "name": "Contoso & <Sons>"], "config": .object(config),
            "credentials": [
                "tenantId": "c0ffee00-0000-4000-8000-0000000000a1", "tenantDomain": "contoso.example",
            ],
            "cloud": ["portal": "https://portal.example"], "resources": [resource],
            "certificate": ["base64": "MIIC", "pem": "BEGIN\nMIIC\nEND\n", "thumbprint": "770EC0352F54"],
        ])
    }

    private func filled(_ file: String, _ form: TextFile.Form, _ names: Names) throws -> String {
        let path = Repository.root + "/wizard/microsoft-365/" + file
        let bytes = try #require(TemporaryFolder.contents(of: path))
        return try TextFile(String(decoding: bytes, as: UTF8.self), form).text(in: names)
    }

    @Test(arguments: [("handoff.html", TextFile.Form.page), ("handoff.txt", .letter)])
    func `page and letter say whose tenant it is and who asks`(_ file: String, _ form: TextFile.Form) throws {
        let branded = try filled(file, form, Self.names(["name": "Northwind Security"]))
        for words in ["Northwind Security", "contoso.example", "c0ffee00-0000-4000-8000-0000000000a1"] {
            #expect(branded.contains(words), "\(words)")
        }
        #expect(!branded.contains("Your security provider") && !branded.contains("{{"))
        #expect(branded.contains("Headgate (contoso)"))
        #expect(try filled(file, form, Self.names()).contains("Your security provider"))
    }

    @Test func `what a value says in a page stays words`() throws {
        let page = try filled("handoff.html", .page, Self.names(["name": "<script>x</script>"]))
        #expect(page.contains("Contoso &amp; &lt;Sons&gt;") && !page.contains("<script>"))
    }

    @Test func `a letter is no wider than mail programs leave it, addresses excepted`() throws {
        let letter = try filled(
            "handoff.txt",
            .letter,
            Self.names(["name": "Northwind Managed Security Services"])
        )
        let wide = letter.split(separator: "\n").filter { $0.count > 80 && !$0.contains("://") }
        #expect(wide == [])
        #expect(letter.contains("BEGIN\nMIIC\nEND"))
    }

    @Test(arguments: [
        ("short", ["short"]),
        (
            "      " + Array(repeating: "word", count: 20).joined(separator: " "),
            [
                "      " + Array(repeating: "word", count: 14).joined(separator: " "),
                "        " + Array(repeating: "word", count: 6).joined(separator: " "),
            ]
        ),
        ("a\n" + String(repeating: "b", count: 90), ["a\n" + String(repeating: "b", count: 90)]),
        ("  " + String(repeating: "x", count: 90), ["  " + String(repeating: "x", count: 90)]),
    ])
    func `a line that is too long goes on further in`(_ line: String, _ lines: [String]) {
        #expect(TextFile.broken(line) == lines)
    }
}
