// SPDX-License-Identifier: Apache-2.0
import Connectors
import Glibc
import TestSupport
import Testing

@Suite("Trust in a definition of one's own", .timeLimit(.minutes(10)))
struct TrustTests {
    private let folder = TemporaryFolder()

    init() throws { folder.write(try Mutation.base("general"), to: "general/connector.json") }

    private func shelf() throws -> Shelf { try Shelf(shipped: Repository.connectors, home: folder.path) }

    private func item(_ shelf: Shelf) throws -> Shelf.Item {
        try #require(shelf.items.first { $0.id == "general" })
    }

    @Test func `is not there until a person agrees, and shown definitions need none`() throws {
        let shelf = try shelf()
        #expect(try item(shelf).trust == .untrusted)
        #expect(try shelf.definition("general").id == "general")
        let failure = #expect(throws: ConnectorFailure.self) { try shelf.usable("general") }
        #expect(failure == .untrusted(id: "general", hasChanged: false))
        #expect(failure?.description.contains("headgate connector trust general") == true)
        #expect(try shelf.usable("office365-management").id == "office365-management")
    }

    @Test func `holds for exactly the bytes that were agreed to`() throws {
        let digest = try #require(try item(shelf()).digest)
        #expect(digest.utf8.count == 64)
        let trusted = try shelf().trusting(["general": digest])
        #expect(try item(trusted).trust == .trusted)
        #expect(try trusted.usable("general").id == "general")
        #expect(!trusted.isStale)
        folder.write("swap", to: "general/.connector.json.swp")
        #expect(try item(shelf()).digest == digest && !trusted.isStale)
        for name in ["README.md", "tests/a.json", "more/deep.txt"] {
            folder.write("x", to: "general/" + name)
            let changed = try shelf().trusting(["general": digest])
            #expect(try item(changed).trust == .changed)
            #expect(trusted.isStale)
            #expect(throws: ConnectorFailure.untrusted(id: "general", hasChanged: true)) {
                try changed.usable("general")
            }
            unlink(folder.file("general/" + name))
        }
        rmdir(folder.file("general/tests"))
        #expect(try item(shelf()).digest == digest)
    }

    @Test func `comes from the same bytes that are used, also when they are read anew`() throws {
        let first = try shelf()
        let digest = try #require(try item(first).digest)
        let text = String(decoding: try Mutation.base("general"), as: UTF8.self)
        folder.write(
            text.split(separator: "0.1.0", omittingEmptySubsequences: false).joined(separator: "0.2.0"),
            to: "general/connector.json"
        )
        #expect(first.isStale)
        #expect(try first.trusting(["general": digest]).usable("general").version == "0.1.0")
        let second = first.reread()
        #expect(!second.isStale)
        #expect(try item(second).digest != digest)
        #expect(try item(second.trusting(["general": digest])).trust == .changed)
        #expect(second.items.filter(\.isShipped).map(\.id) == first.items.filter(\.isShipped).map(\.id))
    }

    @Test func `never reaches out of the folder by a link`() throws {
        let outside = folder.write("secret words", to: "outside/secret.txt")
        for target in [outside, folder.file("outside"), "/nowhere"] {
            let link = folder.file("general/link")
            #expect(symlink(target, link) == 0)
            let shelf = try shelf()
            let failure = #expect(throws: ConnectorFailure.self) { try shelf.definition("general") }
            #expect(failure?.description.contains("it is a link") == true)
            #expect(failure?.description.contains("secret words") == false)
            #expect(try shelf.definition("office365-management").id == "office365-management")
            unlink(link)
        }
        unlink(folder.file("general/connector.json"))
        #expect(
            symlink(Repository.root + "/Tests/schema/general.json", folder.file("general/connector.json"))
                == 0
        )
        #expect(throws: ConnectorFailure.self) { try shelf().definition("general") }
    }

    @Test func `is not held up by a pipe that nobody writes to`() throws {
        #expect(mkfifo(folder.file("general/pipe"), 0o600) == 0)
        #expect(throws: ConnectorFailure.self) { try shelf().definition("general") }
        unlink(folder.file("general/connector.json"))
        #expect(mkfifo(folder.file("general/connector.json"), 0o600) == 0)
        #expect(throws: ConnectorFailure.self) { try shelf().definition("general") }
        #expect(Shelf.inspect(folder: folder.file("general")).definition == nil)
    }

    @Test func `shows every host, request and change before it is asked for`() throws {
        let reach = try Shelf(shipped: Repository.connectors).definition("office365-management").reach
        #expect(reach.destinations.map(\.name).sorted() == ["exchange", "graph", "login", "manage"])
        #expect(reach.destinations.allSatisfy { $0.takesCredential })
        #expect(Set(reach.changes.map(\.purpose)).count == 5)
        #expect(reach.changes.allSatisfy { $0.request.hasPrefix("POST manage ") && !$0.title.isEmpty })
        #expect(reach.reads.contains { $0.purpose == "sign-in" && $0.request.hasPrefix("POST login ") })
        #expect(reach.reads.contains { $0.purpose == "audit" && $0.request.hasPrefix("POST exchange ") })
        let own = try shelf().definition("general").reach
        #expect(own.hosts == ["api.example.com", "any host that ends in .okta.example, entered as domain"])
        #expect(own.changes.isEmpty)
    }
}
