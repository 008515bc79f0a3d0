// SPDX-License-Identifier: Apache-2.0
import Basics
import Host
import JSON
import Status
import Store
import Testing

@Suite struct SettingsTests {
    private func read(_ text: String) throws(StoreFailure) -> Settings {
        try Settings(parsing: Array(text.utf8), path: "config.json")
    }

    @Test func `settings have defaults and are read`() throws {
        #expect(Settings().journalRetention == .days(2))
        let settings = try read(
            #"{"journal": {"retention": "P5D", "maxBytes": 1000}, "proxy": "http://127.0.0.1:1"}"#
        )
        #expect(settings.journalRetention == .days(5))
        #expect(settings.journalMaxBytes == 1000)
        #expect(settings.proxy == "http://127.0.0.1:1")
    }

    @Test(arguments: [
        ("[]", "must be an object"), ("{", "line 1"), (#"{"proxi": "x"}"#, "unknown key \"proxi\""),
        (#"{"journal": {"keep": "P1D"}}"#, "unknown key \"journal.keep\""),
        (#"{"journal": "P1D"}"#, "must be an object"),
        (#"{"journal": {"retention": "2 days"}}"#, "a duration"),
        (#"{"publisherId": "me"}"#, "a GUID"),
    ])
    func `what does not read is refused with its reason`(_ text: String, _ says: String) {
        let error = #expect(throws: StoreFailure.self) { try read(text) }
        #expect(error?.description.contains(says) == true, "\(String(describing: error))")
    }

    @Test func `a setting is set, changed and unset`() throws {
        let set = try Settings().setting("journal.retention", to: "P3D").setting("caFile", to: "ca.pem")
        #expect(set.journalRetention == .days(3))
        #expect(set.caFile == "ca.pem")
        let unset = try set.setting("journal.retention", to: nil)
        #expect(unset.value("journal") == nil)
        #expect(throws: SettingRefused.self) { try set.setting("journal.retention", to: "soon") }
        #expect(throws: SettingRefused.self) { try set.setting("colour", to: "blue") }
    }
}

@Suite struct SelectionTests {
    @Test(arguments: ["", "/", "a/", "a//b", "a/b/c/d"])
    func `what names nothing is refused`(_ text: String) {
        #expect(Selection(text) == nil)
    }

    @Test func `a selection means customers, connections and streams`() {
        #expect(Selection("a")?.scope == .customer("a"))
        #expect(Selection("a/b")?.scope == .connection(ConnectionKey(customer: "a", connection: "b")))
        #expect(Selection("a/b/c")?.scope == .stream(StreamKey(customer: "a", connection: "b", stream: "c")))
    }

    @Test func `what is not there is said with what is`() {
        let error = #expect(throws: StoreFailure.self) { try Selection("a")?.connections(among: []) }
        #expect(error?.description.contains("nothing is connected yet") == true)
    }
}
