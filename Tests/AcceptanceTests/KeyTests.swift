// SPDX-License-Identifier: Apache-2.0
import Basics
import Crypto
import HTTPServer
import JSON
import TestSupport
import Testing

/// A service that takes a key or a password instead of tokens, and that no cloud has: from the first answer to status.
@Suite(.timeLimit(.minutes(10)))
struct KeyTests {
    /// How the service wants to be shown the secret.
    struct Way: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let auth: String
        let header: String
        let value: String
    }

    private static let secret = "acme~00-Kq3v.Zr9"

    private static let ways = [
        Way(
            testDescription: "a key in a header with a scheme",
            auth: #"{"kind": "header", "credential": ["secret"], "header": {"name": "Authorization", "#
                + #""scheme": "SSWS ", "value": "{{ secrets.key }}"}}"#,
            header: "Authorization",
            value: "SSWS " + secret
        ),
        Way(
            testDescription: "a key in a header of its own",
            auth: #"{"kind": "header", "credential": ["secret"], "header": {"name": "X-Acme-Key", "#
                + #""value": "{{ secrets.key }}"}}"#,
            header: "X-Acme-Key",
            value: secret
        ),
        Way(
            testDescription: "a name and a password",
            auth: #"{"kind": "basic", "credential": ["secret"], "user": "{{ credentials.user }}", "#
                + #""password": "{{ secrets.key }}"}"#,
            header: "Authorization",
            value: "Basic " + Base64.encode(Array("reader:\(secret)".utf8))
        ),
    ]

    /// The service: takes the secret, unless it is told to refuse it, and then repeats what it was sent.
    private struct Service {
        let server: ScriptedServer
        let refuses = Locked(false)

        init(_ way: Way) throws {
            let refuses = refuses
            server = try ScriptedServer { request in
                guard request.path != "/" else { return Response(status: 200) }
                let shown = request.header(way.header) ?? ""
                guard shown == way.value, !refuses.withLock({ $0 }) else {
                    let words = "the credential \(shown) is refused"
                    return .json(Value.object(["message": .string(words)]).text(), status: 401)
                }
                return .json(#"[{"id": "1", "time": "2026-01-01T00:00:00Z"}]"#)
            }
        }
    }

    private func tool(_ way: Way, _ service: Service) -> Tool {
        var tool = Tool()
        tool.folder.write(
            Self.definition(way, service.server.base),
            to: "share/connectors/acme/connector.json"
        )
        let clouds = TemporaryFolder.contents(of: Repository.connectors + "/clouds.json") ?? []
        tool.folder.write(clouds, to: "share/connectors/clouds.json")
        tool.environment["HEADGATE_SHARE"] = tool.folder.file("share")
        return tool
    }

    private static func definition(_ way: Way, _ base: String) -> String {
        """
        {"headgate": 1, "id": "acme", "version": "1.0.0", "title": "Acme", "publisher": "Acme", "tier": "bronze",
         "summary": "What happened at Acme.", "hosts": ["127.0.0.1"],
         "credentials": [
           {"name": "organisation", "type": "text", "label": "Organisation", "help": "Its name.", "required": true},
           {"name": "user", "type": "text", "label": "User", "help": "Who reads."},
           {"name": "key", "type": "secret", "label": "Key", "help": "A key that may read."}],
         "identity": ["organisation"],
         "services": {"api": {"base": "\(base)", "errorMessage": ["/message"]}},
         "auth": \(way.auth),
         "health": {"interval": "PT5M"},
         "streams": [{"id": "events", "title": "Events", "summary": "All.",
           "list": {"request": {"service": "api", "path": "/events",
             "query": {"from": "{{ window.start }}", "to": "{{ window.end }}"}}, "items": "", "expect": "array"},
           "paging": {"kind": "none"},
           "cursor": {"kind": "window", "clock": "event", "bounds": "halfOpen",
             "step": {"max": "PT24H", "min": "PT1M"}, "settle": "PT1M", "initial": "P1D"},
           "key": ["id"], "time": {"event": "time"}}],
         "probe": [
           {"id": "form", "kind": "offline", "title": "Form", "stage": "Configuration"},
           {"id": "network", "kind": "network", "title": "Network", "stage": "Network", "needs": ["form"]},
           {"id": "read", "kind": "first-page", "title": "Read", "stage": "Fetch logs", "needs": ["network"]}],
         "errors": [], "remedies": {}}
        """
    }

    private func add(_ tool: Tool, secret: String = secret, name: String = "acme") async throws
        -> Tool.Outcome
    {
        let answers = tool.folder.write(
            #"{"customer": "contoso", "connector": "acme", "name": "\#(name)", "start": "P1D", "credentials": "#
                + #"{"organisation": "contoso-eu", "user": "reader"}}"#,
            to: "answers.json"
        )
        return try await tool.run("connection", "add", "--answers", answers, "--secret-stdin", input: secret)
    }

    @Test(arguments: ways)
    func `is connected, tested, collected, shown, exported and connected anew`(_ way: Way) async throws {
        let service = try Service(way)
        let tool = tool(way, service)
        let added = try await add(tool)
        #expect(added.exit == 0, "\(added)")
        let test = try await tool.run("test", "contoso/acme")
        #expect(test.exit == 0, "\(test)")
        let pass = try await tool.run("run", "--once")
        #expect(pass.exit == 0, "\(pass)")
        let status = try await tool.run("status", "--json")
        let line = try Value(parsing: Array(status.out.utf8))["customers"]?[0]?["connections"]?[0]
        #expect(line?["tenant"] == "contoso-eu", "\(status)")
        #expect(line?["credential"]?["kind"] == "secret", "\(status)")
        #expect(line?["streams"]?[0]?["records24h"]?.int64 == 1, "\(status)")
        let export = try await tool.run("export")
        let registration = try Value(parsing: Array(export.out.utf8))["registrations"]?[0]
        #expect(registration?["cloud"] == "acme" && registration?["tenant"] == "contoso-eu", "\(export)")
        let shown = try await tool.run("connection", "show", "contoso/acme")
        #expect(shown.exit == 0 && !shown.out.contains("cloud"), "\(shown)")
        // The same organisation is the same connection, under another name it would be collected twice.
        let again = try await add(tool)
        #expect(again.exit == 0 && again.out.contains("updated"), "\(again)")
        let twin = try await add(tool, name: "second")
        #expect(twin.exit == 2 && twin.err.contains("connected already"), "\(twin)")
        for run in [added, test, pass, status, export, shown, again, twin] { hides(run, way) }
        #expect(Folder.files(below: tool.home, holding: Self.secret).isEmpty)
        #expect(service.server.received.allSatisfy { !$0.rawQuery.contains(Self.secret) })
    }

    @Test(arguments: ways)
    func `a key that is refused is asked once, blocks, and is shown nowhere though the service repeats it`(
        _ way: Way
    ) async throws {
        let service = try Service(way)
        let tool = tool(way, service)
        #expect(try await add(tool).exit == 0)
        service.refuses.withLock { $0 = true }
        let before = service.server.received.count
        let pass = try await tool.run("run", "--once")
        #expect(pass.exit == 1, "\(pass)")
        // There is no token to renew, so that asking again with the same key would be no more than noise.
        #expect(service.server.received.count == before + 1)
        let status = try await tool.run("status", "--json")
        let stream = try Value(parsing: Array(status.out.utf8))["customers"]?[0]?["connections"]?[0]?[
            "streams"
        ]?[0]
        #expect(stream?["state"] == "blocked" && stream?["cause"]?["class"] == "auth", "\(status)")
        #expect(status.out.contains("‹secret›"), "\(status)")
        let test = try await tool.run("test", "contoso/acme")
        #expect(test.exit == 5, "\(test)")
        for run in [pass, status, test] { hides(run, way) }
        #expect(Folder.files(below: tool.home, holding: Self.secret).isEmpty)
        let encoded = String(way.value.split(separator: " ").last ?? "")
        #expect(Folder.files(below: tool.home, holding: encoded).isEmpty)
    }

    @Test func `a wrong key makes a draft with its cause`() async throws {
        let service = try Service(Self.ways[0])
        let tool = tool(Self.ways[0], service)
        let added = try await add(tool, secret: "acme~another-key")
        #expect(added.exit == 5, "\(added)")
        #expect(!(added.out + added.err).contains("acme~another-key"))
    }

    @Test(arguments: ways)
    func `the wizard that every connector has leads from nothing to the first cycle`(_ way: Way) async throws
    {
        let service = try Service(way)
        let tool = Tool()
        tool.folder.write(
            Self.definition(way, service.server.base),
            to: "home/connectors/acme/connector.json"
        )
        let trusted = try await tool.run("connector", "trust", "acme", "--yes")
        #expect(trusted.exit == 0, "\(trusted)")
        let typist = try Typist(tool, ["onboard", "--connector", "acme"])
        try await typist.converse([
            ("Which customer is this?", "Contoso Ltd"), ("Organisation", "contoso-eu"), ("User", "reader"),
            ("Key", "acme~another-key"),
        ])
        // That it is the key shows where something is read with it; a better one is asked for there.
        try await typist.see("The service does not accept the credential")
        try await typist.converse([("What now?", "1"), ("Key", Self.secret)])
        try await typist.see("Connection successful")
        try await typist.converse([("When does it expire?", ""), ("Collect this?", "")])
        try await typist.see("contoso-ltd/acme is set up")
        #expect(await typist.end() == 0, "\(typist.transcript)")
        #expect(!typist.transcript.contains(Self.secret) && !typist.transcript.contains("acme~another-key"))
        #expect(Folder.files(below: tool.home, holding: Self.secret).isEmpty)
        let pass = try await tool.run("run", "--once")
        #expect(pass.exit == 0, "\(pass)")
    }

    private func hides(_ run: Tool.Outcome, _ way: Way) {
        let words = run.out + run.err
        let encoded = String(way.value.split(separator: " ").last ?? "")
        #expect(!words.contains(Self.secret) && !words.contains(encoded), "\(run)")
    }
}
