// SPDX-License-Identifier: Apache-2.0
import CloudSimulator
import JSON
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10)))
struct ConnectionAddTests {
    struct Wrong: Sendable, CustomTestStringConvertible {
        let text: String
        let says: String
        var testDescription: String { says }
    }

    @Test(arguments: [
        Wrong(text: "{", says: "not JSON"),
        Wrong(text: "[]", says: "must be an object"),
        Wrong(text: #"{"customer": "a", "name": "b"}"#, says: "/connector: \"connector\" is missing"),
        Wrong(
            text: #"{"customer": "A B", "connector": "office365-management", "name": "b"}"#,
            says: "/customer: "
        ),
        Wrong(
            text: #"{"customer": "a", "connector": "nothing", "name": "b"}"#,
            says: "there is no connector \"nothing\""
        ),
        Wrong(
            text: #"{"customer": "a", "connector": "office365-management", "name": "b", "cloud": "moon"}"#,
            says: "/cloud: there is no cloud \"moon\""
        ),
        Wrong(
            text:
                #"{"customer": "a", "connector": "office365-management", "name": "b", "credentials": {"tenantId": "x"}}"#,
            says: "/credentials/clientKey: "
        ),
        Wrong(
            text: #"""
                {"customer": "a", "connector": "office365-management", "name": "b",
                 "credentials": {"secret": "hunter2-hunter2"}}
                """#,
            says: "is a secret and must not stand in the answers"
        ),
        Wrong(
            text:
                #"{"customer": "a", "connector": "office365-management", "name": "b", "streams": ["Audit.Exchnge"]}"#,
            says: "has no stream \"Audit.Exchnge\""
        ),
    ])
    func `malformed answers are refused with their places, and nothing changes`(_ wrong: Wrong) async throws {
        let tool = Tool()
        let file = tool.folder.write(wrong.text, to: "answers.json")
        let outcome = try await tool.run("connection", "add", "--answers", file)
        #expect(outcome.exit == 2, "\(outcome)")
        #expect(outcome.err.contains(wrong.says), "\(outcome)")
        #expect(!outcome.err.contains("hunter2"))
        #expect(tool.folder.files(below: "home").isEmpty)
    }

    @Test func `a tenant is connected by its domain, and its secret rests encrypted`() async throws {
        let lab = try await Lab()
        let outcome = try await lab.add(
            "contoso",
            [
                "credentials": [
                    "tenantDomain": "contoso.onmicrosoft.com",
                    "clientKey": .string(lab.scenario.customers[0].app),
                ]
            ]
        )
        #expect(outcome.exit == 0, "\(outcome)")
        let shown = try await lab.json("connection", "show", "contoso/o365", "--json")
        #expect(shown["connection"]?["tenant"]?.stringValue == lab.scenario.customers[0].tenant)
        #expect(shown["connection"]?["app"]?["current"]?["at"] == "vault")
        let secret = Array(lab.secret("contoso").utf8)
        for name in lab.tool.folder.files(below: "home") {
            let bytes = try #require(lab.tool.folder.read(name))
            #expect(bytes.firstRange(of: secret) == nil, "\(name) holds the secret")
        }
        #expect(!outcome.err.contains(lab.secret("contoso")))
    }

    @Test func `without a credential input is needed`() async throws {
        let lab = try await Lab()
        let file = lab.tool.folder.write(lab.answers("contoso").text(), to: "answers.json")
        let outcome = try await lab.tool.run("connection", "add", "--answers", file)
        #expect(outcome.exit == 3, "\(outcome)")
        #expect(outcome.err.contains("--secret-file"))
        #expect(try await lab.json("connection", "list", "--json")["connections"] == [])
    }

    @Test(arguments: [
        (["--secret-file", "SECRET", "--secret-stdin"], "takes one credential"),
        (["--secret-ref", "keyring:x"], "env:NAME"),
        (["--secret-ref", "env:NO_SUCH_VARIABLE_HERE"], "no such variable"),
        (["--certificate", "SECRET"], "neither a certificate nor a key"),
        (["--passphrase-file", "SECRET"], "goes with --certificate"),
        (["--secret-file", "GUID"], "is a GUID"),
        (["--secret-file", "TRAILING"], "ends with a space"),
    ])
    func `a credential that cannot work is refused before it is sent`(_ flags: [String], _ says: String)
        async throws
    {
        let lab = try await Lab()
        let files = [
            "SECRET": lab.tool.folder.write("a secret", to: "secret"),
            "GUID": lab.tool.folder.write("5f3c1b52-6a0e-4b7d-9c1f-2f60f1c7a001", to: "guid"),
            "TRAILING": lab.tool.folder.write("secret-with-a-blank ", to: "trailing"),
        ]
        let file = lab.tool.folder.write(lab.answers("contoso").text(), to: "answers.json")
        let outcome = try await lab.tool.run(
            ["connection", "add", "--answers", file] + flags.map { files[$0] ?? $0 }
        )
        #expect([2, 6].contains(outcome.exit), "\(outcome)")
        #expect(outcome.err.contains(says), "\(outcome)")
        #expect(!lab.cloud.log.entries.contains { $0.path.contains("/token") })
    }

    @Test func `a domain that nobody has is said, and nothing is kept`() async throws {
        let lab = try await Lab()
        let app = Value.string(lab.scenario.customers[0].app)
        let outcome = try await lab.add(
            "contoso",
            ["credentials": ["tenantDomain": "nobody.example", "clientKey": app]]
        )
        #expect(outcome.exit == 5, "\(outcome)")
        #expect(outcome.err.contains("nobody.example"))
        #expect(try await lab.json("connection", "list", "--json")["connections"] == [])
    }

    @Test func `a domain of another tenant is a contradiction`() async throws {
        let lab = try await Lab()
        let contoso = lab.scenario.customers[0]
        let outcome = try await lab.add(
            "contoso",
            [
                "credentials": [
                    "tenantId": .string(contoso.tenant), "tenantDomain": "fabrikam.onmicrosoft.com",
                    "clientKey": .string(contoso.app),
                ]
            ]
        )
        #expect(outcome.exit == 2, "\(outcome)")
        #expect(outcome.err.contains("another tenant's"))
    }

    @Test func `adding again updates, and a tenant is connected only once`() async throws {
        let lab = try await Lab()
        #expect(try await lab.add("contoso").exit == 0)
        let again = try await lab.add(
            "contoso",
            ["streams": ["Audit.Exchange"], "customerName": "Contoso Ltd"]
        )
        #expect(again.exit == 0, "\(again)")
        #expect(again.out.contains("updated"))
        let shown = try await lab.json("customer", "show", "contoso", "--json")
        #expect(shown["customer"]?["name"] == "Contoso Ltd")
        let twin = try await lab.add("contoso", ["name": "second"])
        #expect(twin.exit == 2, "\(twin)")
        #expect(twin.err.contains("connected already as contoso/o365"))
        let other = try await lab.add("adventure", ["customer": "contoso"])
        #expect(other.exit == 2, "\(other)")
        #expect(other.err.contains("choose another name"))
    }

    @Test func `secrets come from standard input, a program or a variable`() async throws {
        let lab = try await Lab()
        let file = lab.tool.folder.write(lab.answers("contoso").text(), to: "answers.json")
        let stdin = try await lab.tool.run(
            ["connection", "add", "--answers", file, "--secret-stdin"],
            input: lab.secret("contoso") + "\n"
        )
        #expect(stdin.exit == 0, "\(stdin)")
        let reference = "command:" + Value.array(["echo", .string(lab.secret("contoso"))]).text()
        let program = try await lab.tool.run(
            "connection",
            "add",
            "--answers",
            file,
            "--secret-ref",
            reference
        )
        #expect(program.exit == 0, "\(program)")
        let shown = try await lab.json("connection", "show", "contoso/o365", "--json")
        #expect(shown["connection"]?["app"]?["current"]?["at"]?.stringValue == reference)
    }
}
