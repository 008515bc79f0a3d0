// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import Crypto
import JSON
import TestSupport
import Testing

/// Every way of handing a credential over, and that none leads out of the vault.
@Suite(.timeLimit(.minutes(10)))
struct CredentialTests {
    /// Every character that can be printed, as secrets are made of them.
    private static let printable = String(decoding: (0x21...0x7E).map { UInt8($0) }, as: UTF8.self)
    private static let issuer = "https://kubernetes.example"
    private static let subject = "system:serviceaccount:headgate:host"

    private func estate(_ secret: String) async throws -> Estate {
        try await Estate { scenario in
            scenario.apps[0].secrets = [Scenario.ClientSecret(value: secret)]
            scenario.tenants[0].content[.exchange] = Scenario.ContentPlan(
                blobs: 2,
                eventsPerBlob: 2,
                newest: .hours(1)
            )
        }
    }

    /// Adds with `flags`, collects, and expects everything stored: the credential serves beyond the test of it.
    private func expectCollects(
        _ estate: Estate,
        _ flags: [String],
        input: String = "",
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let line = ["connection", "add", "--answers", estate.answers] + flags
        let added = try await estate.tool.run(line, input: input)
        #expect(added.exit == 0, "\(added)", sourceLocation: sourceLocation)
        try await estate.collect(sourceLocation: sourceLocation)
        await estate.expectAllStored(sourceLocation: sourceLocation)
    }

    @Test(arguments: ["", "\n", "\r\n"])
    func `a secret of every printable character works from a file and from standard input`(_ end: String)
        async throws
    {
        let estate = try await estate(Self.printable)
        let file = estate.folder.write(Self.printable + end, to: "given")
        try await expectCollects(estate, ["--secret-file", file])
        let again = try await estate.tool.run(
            ["connection", "add", "--answers", estate.answers, "--secret-stdin"],
            input: Self.printable + end
        )
        #expect(again.exit == 0, "\(again)")
    }

    @Test func `a secret may stay in a file, a variable or with a program`() async throws {
        let estate = try await estate(Self.printable)
        let file = estate.folder.write(Self.printable + "\n", to: "given")
        let references = [
            "file:" + file, "env:TENANT_SECRET",
            "command:" + Value.array(["cat", .string(file)]).text(),
        ]
        var tool = estate.tool
        tool.environment["TENANT_SECRET"] = Self.printable
        for reference in references {
            let added = try await tool.run(
                "connection",
                "add",
                "--answers",
                estate.answers,
                "--secret-ref",
                reference
            )
            #expect(added.exit == 0, "\(reference): \(added)")
            let pass = try await tool.run("run", "--once")
            #expect(pass.exit == 0, "\(reference): \(pass)")
        }
        await estate.expectAllStored()
        // It is read where it is, never copied.
        #expect(Folder.files(below: estate.home, holding: Self.printable).isEmpty)
    }

    private enum Form: CaseIterable { case keyFirst, certificateFirst, packed }

    @Test(arguments: [0, 1, 2])
    func `a certificate works from PEM in any order and from a .pfx`(_ index: Int) async throws {
        let pair = try CertifiedKey.make(commonName: "headgate", validFor: .days(30), now: SystemTime().now)
        let estate = try await Estate { scenario in
            scenario.apps[0].secrets = []
            scenario.apps[0].certificates = [.pem(pair.certificate.publicPEM)]
            scenario.tenants[0].content[.exchange] = Scenario.ContentPlan(
                blobs: 2,
                eventsPerBlob: 2,
                newest: .hours(1)
            )
        }
        let pem = pair.pem.reveal { $0 }
        let key = try #require(pem.firstRange(of: "-----BEGIN PRIVATE KEY-----"))
        let blocks = [String(pem[..<key.lowerBound]), String(pem[key.lowerBound...])]
        let certificate = pair.certificate.publicPEM
        let own = blocks.first { $0.contains("PRIVATE KEY") } ?? ""
        var flags: [String]
        switch Form.allCases[index] {
        case .keyFirst: flags = ["--certificate", estate.folder.write(own + certificate, to: "given.pem")]
        case .certificateFirst:
            flags = ["--certificate", estate.folder.write(certificate + own, to: "given.pem")]
        case .packed:
            let source = estate.folder.write(own + certificate, to: "given.pem")
            let passphrase = estate.folder.write("päss phrase\n", to: "passphrase")
            let packed = estate.folder.file("given.pfx")
            let line = ["openssl", "pkcs12", "-export", "-in", source, "-out", packed]
            // The program packs for us; where it is not installed there is nothing to try.
            guard ChildProcess(line + ["-passout", "file:" + passphrase])?.wait() == 0 else { return }
            flags = ["--certificate", packed, "--passphrase-file", passphrase]
        }
        try await expectCollects(estate, flags)
        let shown = try await estate.tool.run("connection", "show", "contoso/o365", "--json")
        let current = try Value(parsing: Array(shown.out.utf8))["connection"]?["app"]?["current"]
        #expect(current?["kind"] == "certificate")
        // Its end is known from itself.
        #expect(
            current?["expiresAt"]?.stringValue?.hasPrefix("\(pair.certificate.notAfter.day)") == true,
            "\(shown)"
        )
        // What a remedy tells a person to compare is printed as the portal prints it.
        let words = try await estate.tool.run("connection", "show", "contoso/o365")
        #expect(words.out.contains("thumbprint \(pair.certificate.thumbprintSHA1Text) "), "\(words)")
        let line = try #require(own.split(separator: "\n").dropFirst(3).first)
        #expect(Folder.files(below: estate.home, holding: String(line)).isEmpty)
        #expect(!shown.out.contains(line))
    }

    /// A token as another system writes it for us; nobody verifies its signature on loopback.
    private func token(until end: Timestamp) -> String {
        let claims: Value = [
            "iss": .string(Self.issuer), "sub": .string(Self.subject), "aud": "api://AzureADTokenExchange",
            "nbf": .int((end - .hours(2)).seconds), "exp": .int(end.seconds),
        ]
        let head = Base64.encodeURL((["alg": "RS256", "kid": "1"] as Value).bytes())
        return head + "." + Base64.encodeURL(claims.bytes()) + "." + Base64.encodeURL(Array("signed".utf8))
    }

    @Test func `a federated token is read at each request`() async throws {
        let estate = try await Estate { scenario in
            scenario.apps[0].secrets = []
            scenario.apps[0].federated = [Scenario.Federation(issuer: Self.issuer, subject: Self.subject)]
            scenario.tenants[0].content[.exchange] = Scenario.ContentPlan(
                blobs: 2,
                eventsPerBlob: 2,
                newest: .hours(1)
            )
        }
        let now = SystemTime().now
        let first = token(until: now + .minutes(30))
        let file = estate.folder.write(first, to: "token")
        try await expectCollects(estate, ["--federated-token-file", file])
        estate.folder.write(token(until: now - .minutes(30)), to: "token")
        // Somebody has stopped writing it.
        let stale = try await estate.tool.run("test")
        #expect(stale.exit == 5, "\(stale)")
        estate.folder.write(token(until: now + .minutes(60)), to: "token")
        let fresh = try await estate.tool.run("test")
        #expect(fresh.exit != 5, "\(fresh)")
        #expect(Folder.files(below: estate.home, holding: first).isEmpty)
    }

    @Test func `no secret stands outside the vault, in no output and in no log`() async throws {
        let secret = #"grep-me~.Quarry "quoted" \back-1c5b20d4"#
        let estate = try await estate(secret)
        let wrong = #"grep-me~.Wrong "quoted" \back-9d8e"#
        let file = estate.folder.write(secret, to: "given")
        let wrongFile = estate.folder.write(wrong, to: "wrong")
        let add = ["connection", "add", "--verbose", "--answers", estate.answers, "--secret-file"]
        var lines = [add + [wrongFile, "--json"], add + [wrongFile], add + [file, "--json"], add + [file]]
        lines += [
            ["run", "--once", "--verbose"], ["status", "--json"], ["status"], ["test", "--json"], ["test"],
            ["connection", "show", "contoso/o365", "--json"], ["connection", "show", "contoso/o365"],
            ["export"], ["config", "show"], ["gaps"], ["customer", "show", "contoso"],
        ]
        for line in lines {
            let outcome = try await estate.tool.run(line)
            for text in [outcome.out, outcome.err] {
                #expect(!text.contains("grep-me"), "\(line)")
            }
        }
        #expect(try await estate.tool.run("status", "--json").out.contains("\"active\""))
        for text in [secret, wrong, Base64.encode(Array(secret.utf8)), "grep-me"] {
            #expect(Folder.files(below: estate.home, holding: text).isEmpty)
        }
    }

    @Test func `adding again updates in place and doubles nothing`() async throws {
        let estate = try await estate(Estate.secret)
        let first = try await estate.add("--json")
        let value = try Value(parsing: Array(first.out.utf8))
        #expect(value["schema"] == 1)
        #expect(value["customer"] == "contoso" && value["connection"] == "o365")
        #expect(value["connector"] == "office365-management")
        #expect(value["tenant"]?.stringValue == Estate.tenant)
        #expect(value["standing"] == "collecting" && value["updated"] == false)
        #expect(value["cause"]?.isNull == true)
        #expect(value["streams"]?.arrayValue?.count == 5)
        try await estate.collect()
        await estate.expectAllStored()
        let again = try Value(parsing: Array(try await estate.add("--json").out.utf8))
        #expect(again["updated"] == true && again["standing"] == "collecting")
        try await estate.collect()
        await estate.expectAllStored()
        let list = try Value(
            parsing: Array(try await estate.tool.run("connection", "list", "--json").out.utf8)
        )
        #expect(list["connections"]?.arrayValue?.count == 1)
        let customers = try Value(
            parsing: Array(try await estate.tool.run("customer", "list", "--json").out.utf8)
        )
        #expect(customers["customers"]?.arrayValue?.count == 1)
    }

    @Test func `an id stays the same when a connection is removed and added again`() async throws {
        let estate = try await estate(Estate.secret)
        try await estate.add()
        try await estate.collect()
        let first = Set(Stored("journal", of: estate.home).lines.map(\.id))
        #expect(try await estate.tool.run("connection", "remove", "contoso/o365").exit == 0)
        try await estate.add()
        try await estate.collect()
        let lines = Stored("journal", of: estate.home).lines
        #expect(Set(lines.map(\.id)) == first)
    }
}
