// SPDX-License-Identifier: Apache-2.0
import Connectors
import TestSupport
import Testing

@Suite("Clouds")
struct CloudsTests {
    private let shipped: [UInt8]

    init() throws { shipped = try Mutation.bytes("connectors/clouds.json") }

    @Test func `come with five, the usual one first`() throws {
        let clouds = try Clouds.read(shipped: shipped)
        #expect(clouds.names == ["commercial", "china", "dod", "gcc", "gcc-high"])
        for name in clouds.names {
            #expect(clouds[name]?.bases.keys.sorted() == Cloud.services.sorted())
        }
        #expect(clouds["gcc"]?.audiences["manage"]?.count == 2)
    }

    @Test func `take a home directory's own, with the usual audiences and portal`() throws {
        let home =
            #"{"lab": {"login": "http://127.0.0.1:9100/login", "manage": "http://127.0.0.1:9100/manage"}}"#
        let clouds = try Clouds.read(shipped: shipped, home: Array(home.utf8))
        #expect(clouds["lab"]?.bases["login"]?.text == "http://127.0.0.1:9100/login")
        #expect(clouds["lab"]?.bases["graph"] == nil)
        #expect(clouds["lab"]?.audiences == clouds["commercial"]?.audiences)
        #expect(clouds["lab"]?.bases["portal"] == clouds["commercial"]?.bases["portal"])
    }

    @Test func `let a home directory override one address of a shipped cloud`() throws {
        let clouds = try Clouds.read(
            shipped: shipped,
            home: Array(#"{"gcc": {"manage": "https://proxy.example/m"}}"#.utf8)
        )
        #expect(clouds["gcc"]?.bases["manage"]?.text == "https://proxy.example/m")
        #expect(clouds["gcc"]?.bases["login"]?.text == "https://login.microsoftonline.com")
    }

    @Test(arguments: [
        (#"{"lab": {"login": "http://localhost:9100"}}"#, "no address a token may be sent to"),
        (#"{"lab": {"sharepoint": "https://x.example"}}"#, "no key of the language"),
        (#"{"Lab": {}}"#, "no name for a cloud"),
        (#"{"lab": "https://x.example"}"#, "of the type string"),
        (#"{"lab": {"audiences": {"manage": []}}}"#, "is empty"),
        (#"[]"#, "of the type array"),
        (#"{"lab": "#, "could not be read"),
    ])
    func `refuse a home directory's file in one clear sentence`(_ text: String, _ words: String) throws {
        let failure = #expect(throws: ConnectorFailure.self) {
            try Clouds.read(shipped: shipped, home: Array(text.utf8))
        }
        #expect(failure?.description.contains(words) == true, "\(String(describing: failure))")
        #expect(failure?.description.contains("clouds.json") == true)
    }
}
