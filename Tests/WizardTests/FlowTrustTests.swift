// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Glibc
import Store
import TestSupport
import Testing
import Wizard

@Suite("A flow of the home's own", .timeLimit(.minutes(2)))
struct FlowTrustTests {
    private let folder = TemporaryFolder()
    private static let shipped = Repository.root + "/wizard"

    /// The shipped flow `source` under another id in the home, its texts beside it, with `changes` to its words.
    private func place(_ id: String, from source: String = "microsoft-365", _ changes: (String, String)...)
        throws
    {
        for file in Self.files(of: source) {
            let bytes = try #require(
                TemporaryFolder.contents(of: Self.shipped + "/" + source + "/" + file)
            )
            guard file == "flow.json" else {
                folder.write(bytes, to: "wizard/\(id)/" + file)
                continue
            }
            var text = String(decoding: bytes, as: UTF8.self)
            for (old, new) in [(#""id": "\#(source)""#, #""id": "\#(id)""#)] + changes {
                let parts = text.split(separator: old, maxSplits: 1, omittingEmptySubsequences: false)
                try #require(parts.count == 2, "\(old)")
                text = parts.joined(separator: new)
            }
            folder.write(text, to: "wizard/\(id)/flow.json")
        }
    }

    private static func files(of source: String) -> [String] {
        switch source {
        case "microsoft-365":
            ["flow.json", "certificate.txt", "handoff.html", "handoff.txt", "register.ps1", "register.sh"]
        case "rotate": ["flow.json", "certificate.txt"]
        default: ["flow.json"]
        }
    }

    private static let connectors = Result { try FlowTests.shelf() }

    private func flows() throws -> FlowShelf {
        try FlowShelf(Self.shipped, home: folder.file("wizard"), shelf: Self.connectors.get())
    }

    private func own(_ flows: FlowShelf, _ id: String = "own-365") throws -> FlowShelf.Item {
        try #require(flows.items.last { $0.id == id })
    }

    /// The shelf with everything of the home trusted as it is.
    private func trusting() throws -> FlowShelf {
        let flows = try flows()
        let digests = flows.items.compactMap { item in item.digest.map { (item.id, $0) } }
        return flows.trusting(Dictionary(digests) { $1 })
    }

    private func leads(_ flows: FlowShelf, _ connectors: String...) throws -> String {
        try flows.choice(for: .setup, connectors).flow.id
    }

    @Test func `is not used until a person agrees, and whoever would get it is told how`() throws {
        try place("own-365")
        let flows = try flows()
        #expect(try own(flows).trust == .untrusted && own(flows).findings.isEmpty)
        for connectors in [[], ["office365-management"], ["entra-audit", "office365-management"]] {
            let choice = try flows.choice(for: .setup, connectors)
            #expect(choice.flow.id == "microsoft-365")
            #expect(choice.remarks.count == 1)
            #expect(choice.remarks.first?.contains("headgate wizard trust own-365") == true)
        }
        #expect(try flows.choice(for: .setup, ["okta-system-log"]).remarks == [])
        #expect(try flows.choice(for: .rotate, ["office365-management"]).remarks == [])
        #expect(throws: WizardFailure.untrusted(id: "own-365", hasChanged: false)) {
            try flows.flow("own-365")
        }
        #expect(throws: WizardFailure.untrusted(id: "own-365", hasChanged: false)) {
            try flows.choice(for: .setup, [], named: "own-365")
        }
    }

    @Test func `leads before the shipped one once it is trusted, for what it is made for`() throws {
        try place("own-365")
        let flows = try trusting()
        #expect(try own(flows).trust == .trusted)
        #expect(try flows.choice(for: .setup, []).remarks == [])
        #expect(try leads(flows) == "own-365")
        #expect(try leads(flows, "office365-management") == "own-365")
        #expect(try leads(flows, "defender-xdr", "entra-audit") == "own-365")
        #expect(try leads(flows, "okta-system-log") == "setup")
        #expect(try flows.flow("own-365").id == "own-365")
        #expect(try flows.flow("microsoft-365").id == "microsoft-365")
    }

    @Test func `that begins with something else does not lead for whoever names nothing`() throws {
        try place(
            "own-365",
            (#""name": "o365", "chosen": true"#, #""name": "o365""#),
            (#""name": "entra" }"#, #""name": "entra", "chosen": true }"#)
        )
        let flows = try trusting()
        #expect(try leads(flows) == "microsoft-365")
        #expect(try leads(flows, "office365-management") == "own-365")
    }

    @Test func `for every connector leads only where no flow is made for them`() throws {
        try place("own-setup", from: "setup")
        #expect(try flows().choice(for: .setup, ["okta-system-log"]).remarks.count == 1)
        let flows = try trusting()
        #expect(try leads(flows) == "microsoft-365")
        #expect(try leads(flows, "office365-management") == "microsoft-365")
        #expect(try leads(flows, "okta-system-log") == "own-setup")
        try place("own-rotate", from: "rotate")
        #expect(try self.flows().choice(for: .rotate, ["okta-system-log"]).flow.id == "rotate")
        #expect(try trusting().choice(for: .rotate, ["okta-system-log"]).flow.id == "own-rotate")
    }

    @Test func `that alone joins the connectors asked for is refused rather than passed over`() throws {
        let members =
            #""connectors": [{"id": "okta-system-log", "name": "a"}, {"id": "github-audit-log", "name": "b"}]"#
        try place("own-two", from: "setup", (#""does": "setup","#, #""does": "setup", \#(members),"#))
        #expect(throws: WizardFailure.untrusted(id: "own-two", hasChanged: false)) {
            try flows().choice(for: .setup, ["okta-system-log", "github-audit-log"])
        }
        #expect(try leads(trusting(), "github-audit-log", "okta-system-log") == "own-two")
        for connectors in [["okta-system-log", "entra-audit"], ["entra-audit"]] {
            let failure = #expect(throws: WizardFailure.self) {
                try trusting().choice(for: .setup, connectors, named: "own-two")
            }
            #expect(failure?.description.contains("is for okta-system-log, github-audit-log") == true)
        }
        let failure = #expect(throws: WizardFailure.self) {
            try trusting().choice(for: .setup, [], named: "rotate")
        }
        #expect(failure?.description.contains("is for rotate") == true)
    }

    @Test func `is trusted for exactly the bytes that were agreed to, the texts beside it included`() throws {
        try place("own-365")
        let digest = try #require(try own(flows()).digest)
        #expect(digest.utf8.count == 64)
        let trusted = try flows().trusting(["own-365": digest])
        let text = try trusted.text("own-365", "register.sh")
        folder.write("swap", to: "wizard/own-365/.flow.json.swp")
        #expect(try own(flows()).digest == digest)
        for name in ["flow.json", "register.sh", "more/new.txt"] {
            let before = folder.read("wizard/own-365/" + name)
            folder.write((before ?? []) + Array("\n".utf8), to: "wizard/own-365/" + name)
            let changed = try flows().trusting(["own-365": digest])
            #expect(try own(changed).trust == .changed, "\(name)")
            let choice = try changed.choice(for: .setup, ["office365-management"])
            #expect(choice.flow.id == "microsoft-365")
            #expect(choice.remarks.first?.contains("has changed since it was trusted") == true)
            #expect(throws: WizardFailure.untrusted(id: "own-365", hasChanged: true)) {
                try changed.flow("own-365")
            }
            if let before {
                folder.write(before, to: "wizard/own-365/" + name)
            } else {
                unlink(folder.file("wizard/own-365/" + name))
                rmdir(folder.file("wizard/own-365/more"))
            }
        }
        #expect(try own(flows()).digest == digest)
        // What was read is what is used, whatever stands there now.
        folder.write("rm -rf /", to: "wizard/own-365/register.sh")
        #expect(try trusted.text("own-365", "register.sh") == text)
    }

    @Test func `has no trust by that in a connector of the same id, also not with the same bytes`()
        async throws
    {
        try place("own-365")
        let home = try Home.open(folder.file("home"))
        let ledger = try SQLiteLedger(home: home)
        let digest = try #require(try own(flows()).digest)
        let now = Timestamp(seconds: 1_780_000_000)
        let connector = Trust(kind: .connector, id: "own-365", digest: digest, by: "kim", at: now)
        try await ledger.write([.trust(connector)])
        #expect(try await own(flows().trusting(ledger)).trust == .untrusted)
        let flow = Trust(kind: .flow, id: "own-365", digest: digest, by: "eve", at: now)
        try await ledger.write([.trust(flow)])
        #expect(try await own(flows().trusting(ledger)).trust == .trusted)
        #expect(try await ledger.trusts() == [connector, flow])
    }

    @Test func `never reaches out of its folder by a link`() throws {
        let outside = folder.write("secret words", to: "outside/secret.txt")
        try place("own-365")
        for (target, name) in [
            (outside, "link"), (folder.file("outside"), "link"), ("/nowhere", "link"),
            (outside, "register.sh"), (Self.shipped + "/microsoft-365/flow.json", "flow.json"),
        ] {
            let link = folder.file("wizard/own-365/" + name)
            unlink(link)
            #expect(symlink(target, link) == 0)
            let flows = try trusting()
            let item = try own(flows)
            #expect(item.flow == nil && item.digest == nil)
            #expect(item.findings.first?.message.contains("it is a link") == true)
            #expect(throws: WizardFailure.self) { try flows.text("own-365", name) }
            #expect(try leads(flows) == "microsoft-365")
            unlink(link)
            try place("own-365")
        }
        #expect(try own(flows()).flow != nil)
    }

    @Test func `that reuses a shipped id stays apart, and the shipped one runs`() throws {
        try place("microsoft-365", ("Connect a Microsoft 365 tenant", "Something else"))
        let flows = try trusting()
        #expect(flows.items.filter { $0.id == "microsoft-365" }.count == 2)
        let other = try own(flows, "microsoft-365")
        #expect(!other.isShipped && other.flow == nil)
        #expect(other.findings.map(\.rule) == [.reference])
        #expect(other.findings.first?.message.contains("is a shipped flow's; the shipped one runs") == true)
        #expect(try flows.flow("microsoft-365").title == "Connect a Microsoft 365 tenant")
        folder.write("other", to: "wizard/microsoft-365/register.sh")
        #expect(try flows.text("microsoft-365", "register.sh") != "other")
        #expect(try leads(flows) == "microsoft-365")
    }

    @Test func `that does not read is left out with its reason, and the others work`() throws {
        try place("own-365")
        folder.write("{", to: "wizard/broken/flow.json")
        folder.write("a", to: "wizard/empty/README.md")
        try place("renamed", from: "setup", (#""id": "renamed""#, #""id": "other""#))
        try place("textless")
        unlink(folder.file("wizard/textless/register.ps1"))
        folder.write(String(repeating: "[", count: 10_000), to: "wizard/deep/flow.json")
        let flows = try trusting()
        let choice = try flows.choice(for: .setup, ["office365-management"])
        #expect(choice.flow.id == "own-365")
        for id in ["broken", "empty", "renamed", "textless", "deep"] {
            #expect(try own(flows, id).flow == nil && !own(flows, id).findings.isEmpty, "\(id)")
            #expect(choice.remarks.contains { $0.contains("headgate wizard lint \(id)") }, "\(id)")
            #expect(throws: WizardFailure.self) { try flows.flow(id) }
        }
        #expect(try leads(flows, "okta-system-log") == "setup")
        for id in ["setup", "microsoft-365", "rotate"] { #expect(try flows.flow(id).id == id) }
    }

    @Test func `is not held up by a pipe that nobody writes to`() throws {
        folder.write("{}", to: "wizard/own-365/a.txt")
        #expect(mkfifo(folder.file("wizard/own-365/flow.json"), 0o600) == 0)
        #expect(try own(flows()).flow == nil)
    }

    @Test func `shows every request, change, page and file before it is asked for`() throws {
        let reach = try flows().flow("microsoft-365").reach
        #expect(reach.destinations.first { $0.name == "graph" }?.takesCredential == true)
        let signIn = reach.reads.filter { $0.purpose == "sign-in" }
        #expect(signIn.count == 3 && signIn.prefix(2).allSatisfy { $0.request.hasPrefix("POST login ") })
        #expect(signIn.last?.request.hasPrefix("GET graph /v1.0/organization") == true)
        #expect(reach.reads.contains { $0.request.hasPrefix("GET graph ") })
        #expect(reach.changes.allSatisfy { !$0.title.isEmpty && !$0.request.hasPrefix("GET ") })
        let grant = reach.changes.first { $0.request.contains("appRoleAssignedTo") }
        #expect(grant?.sends.contains(#""appRoleId":"{{ permission.id }}""#) == true)
        let undone = reach.changes.filter { $0.title.hasPrefix("takes back: ") }
        #expect(
            !undone.isEmpty
                && undone.allSatisfy { call in
                    ["DELETE ", "/removePassword"].contains { call.request.contains($0) }
                }
        )
        #expect(reach.runs.contains(.signIn) && reach.runs.contains(.changes))
        #expect(reach.links.contains("https://purview.microsoft.com/audit"))
        #expect(
            Set(reach.files.map(\.from)) == Set(Self.files(of: "microsoft-365")).subtracting(["flow.json"])
        )
    }
}
