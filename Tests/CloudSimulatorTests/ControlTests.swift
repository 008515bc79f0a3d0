// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import HTTPClient
import JSON
import TestSupport
import Testing

@Suite struct ControlTests {
    func control(_ lab: Lab, _ name: String, _ body: String) async throws -> Lab.Answer {
        try await lab.send("POST", "/control/\(name)", body: body)
    }

    @Test func `faults are put in force, counted and taken back`() async throws {
        let lab = try await Lab()
        defer { lab.simulator.stop() }
        let token = try await lab.token()
        let fault =
            #"{"id": "f", "match": {"operation": "list"}, "do": {"kind": "status", "status": 500, "body": {"a": 1}}}"#
        #expect(try await control(lab, "faults", fault).json["id"] == "f")
        #expect(try await lab.get(Lab.feed("subscriptions/list"), token: token).text == #"{"a":1}"#)
        #expect(try await lab.get("/control/faults").json == [["id": "f", "met": 1, "acted": 1]])
        _ = try await lab.send("DELETE", "/control/faults/f")
        #expect(try await lab.get(Lab.feed("subscriptions/list"), token: token).status == 200)
        let wrong = try await control(lab, "faults", #"{"do": "explode"}"#)
        #expect(wrong.status == 400)
        #expect(wrong.text.contains("no kind of fault"))
    }

    @Test func `the clock is set, moved and stopped`() async throws {
        let lab = try await Lab()
        defer { lab.simulator.stop() }
        _ = try await control(lab, "clock", #"{"offset": "PT1H"}"#)
        #expect(lab.simulator.clock.now == Lab.start + .hours(1))
        _ = try await control(lab, "clock", #"{"frozen": true}"#)
        lab.time.advance(by: .minutes(5))
        #expect(lab.simulator.clock.now == Lab.start + .hours(1))
        _ = try await control(lab, "clock", #"{"advance": "-PT2H"}"#)
        #expect(lab.simulator.clock.now == Lab.start - .hours(1))
        _ = try await control(lab, "clock", #"{"frozen": false}"#)
        lab.time.advance(by: .minutes(5))
        #expect(lab.simulator.clock.now == Lab.start - .minutes(55))
        let token = try await lab.get("/login/contoso.example/.well-known/openid-configuration")
        #expect(token.header("Date") == (Lab.start - .minutes(55)).httpDate)
    }

    @Test func `tenants, apps and blobs change while it runs`() async throws {
        let lab = try await Lab()
        defer { lab.simulator.stop() }
        let rotated = #"{"id": "\#(Lab.app)", "secrets": [{"value": "n3w~Value"}]}"#
        #expect(try await control(lab, "app", rotated).status == 200)
        #expect(try await lab.ask(Lab.usual).aadsts == 7_000_215)
        let fields = Lab.usual.filter { $0.0 != "client_secret" } + [("client_secret", "n3w~Value")]
        let token = try #require(try await lab.ask(fields).json["access_token"]?.stringValue)
        let blob =
            #"{"tenant": "contoso.example", "type": "Audit.Exchange", "lines": ["{\"Id\":\"é\\u0000\",\"n\":9007199254740993}"]}"#
        #expect(try await control(lab, "blob", blob).json.arrayValue?.count == 1)
        let listed = try await lab.get(lab.content(), token: token)
        let body = try await lab.get(try #require(listed.json[0]?["contentUri"]?.stringValue), token: token)
        #expect(body.text == #"[{"Id":"é\u0000","n":9007199254740993}]"#)
        let off = #"{"tenant": "\#(Lab.tenant)", "on": false, "answers": "errors"}"#
        #expect(try await control(lab, "auditing", off).status == 200)
        #expect(try await lab.get(lab.content(), token: token).status == 400)
        let on = #"{"tenant": "\#(Lab.tenant)", "on": true, "delay": "PT0S", "at": "+PT0S"}"#
        #expect(try await control(lab, "auditing", on).status == 200)
        lab.time.advance(by: .seconds(1))
        let stop =
            #"{"tenant": "\#(Lab.tenant)", "type": "Audit.Exchange", "app": "\#(Lab.app)", "state": "disabled"}"#
        #expect(try await control(lab, "subscription", stop).status == 200)
        #expect(try await lab.get(lab.content(), token: token).code == "AF20023")
        #expect(try await control(lab, "tokens", "").status == 200)
        #expect(try await lab.get(lab.content(), token: token).status == 401)
        #expect(try await control(lab, "nothing", "{}").status == 400)
    }

    @Test func `the log tells who asked for what, and no token`() async throws {
        let lab = try await Lab { $0.tenants[0].content[.exchange] = .init(blobs: 1, eventsPerBlob: 2) }
        defer { lab.simulator.stop() }
        let token = try await lab.token()
        _ = try await lab.get(lab.content(), token: token)
        let log = try await lab.get("/control/log?since=1")
        let entry = try #require(log.json["entries"]?[0])
        #expect(entry["operation"] == "content")
        #expect(entry["tenant"] == .string(Lab.tenant))
        #expect(entry["app"] == .string(Lab.app))
        #expect(entry["authorization"] == true)
        #expect(entry["host"]?.stringValue?.hasPrefix("127.0.0.1:") == true)
        #expect(!log.text.contains(token))
        let events = try await lab.get("/control/events?tenant=contoso.example&contentType=Audit.Exchange")
        #expect(events.json.arrayValue?.count == 2)
        _ = try await lab.send("DELETE", "/control/log")
        #expect(lab.simulator.log.entries.isEmpty)
    }

    @Test func `blobs are written as a web server serves them`() async throws {
        let folder = TemporaryFolder()
        let lab = try await Lab { $0.tenants[0].content[.general] = .init(blobs: 3, eventsPerBlob: 2) }
        defer { lab.simulator.stop() }
        #expect(try await lab.simulator.writeBlobs(to: folder.path) == 3)
        let token = try await lab.token()
        for item in try #require(try await lab.get(lab.content(.general), token: token).json.arrayValue) {
            let link = try #require(item["contentUri"]?.stringValue)
            let served = try await lab.get(link, token: token)
            #expect(try TextFile.bytes(folder.path + link.dropFirst(lab.base.count)) == served.body)
        }
    }
}
