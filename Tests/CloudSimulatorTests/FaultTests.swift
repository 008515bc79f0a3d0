// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import HTTPClient
import JSON
import TestSupport
import Testing

@Suite struct FaultTests {
    /// A lab with six blobs of three events.
    func lab(_ change: (inout Scenario) -> Void = { _ in }) async throws -> Lab {
        try await Lab {
            $0.tenants[0].content[.exchange] = .init(blobs: 6, eventsPerBlob: 3, spread: .hours(20))
            change(&$0)
        }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var action: Fault.Action
        var status: Int
        var text: String
        var testDescription: String { name }
    }

    static let answers: [Case] = [
        Case(
            name: "status",
            action: .status(503, body: Array("busy".utf8), headers: []),
            status: 503,
            text: "busy"
        ),
        Case(name: "html", action: .html(200), status: 200, text: "<!DOCTYPE html>"),
        Case(name: "empty", action: .empty(200), status: 200, text: ""),
        Case(name: "object", action: .object, status: 200, text: #"{"Message":"An error has occurred."}"#),
        Case(name: "throttle", action: .throttle(status: 429, retryAfter: 7), status: 429, text: "AF429"),
        Case(
            name: "cool-down",
            action: .coolDown(seconds: 526),
            status: 403,
            text: "retry again after 8m 46s."
        ),
        Case(
            name: "expired token",
            action: .expiredToken,
            status: 401,
            text: "Authorization has been denied"
        ),
        Case(name: "auditing off", action: .auditingOff(.errors), status: 400, text: "does not exist."),
        Case(name: "auditing silent", action: .auditingOff(.empty), status: 200, text: "[]"),
    ]

    @Test(arguments: answers) func `a fault answers in place of the service, then heals`(_ one: Case)
        async throws
    {
        let lab = try await lab { $0.tenants[0].subscriptions.removeLast() }
        defer { lab.simulator.stop() }
        let token = try await lab.token()
        let isStart = one.name == "cool-down"
        let path = isStart ? Lab.feed("subscriptions/start?contentType=DLP.All") : lab.content()
        let id = await lab.simulator.inject(Fault(one.action, on: .init(tenant: Lab.tenant), times: 1))
        let bad = try await lab.send(isStart ? "POST" : "GET", path, token: token)
        #expect(bad.status == one.status)
        #expect(one.text.isEmpty ? bad.text.isEmpty : bad.text.contains(one.text))
        #expect(bad.header("Retry-After") == (one.name == "throttle" ? "7" : nil))
        #expect(await lab.simulator.acted(id) == 1)
        #expect(try await lab.send(isStart ? "POST" : "GET", path, token: token).status == 200)
    }

    @Test func `connections drop and bodies end early`() async throws {
        let lab = try await lab()
        defer { lab.simulator.stop() }
        let token = try await lab.token()
        for (action, code) in [(Fault.Action.reset, Failure.Code.reset), (.truncate(after: nil), .truncated)]
        {
            await lab.simulator.inject(Fault(action, on: .init(.content), id: "drop"))
            await #expect { _ = try await lab.get(lab.content(), token: token) } throws: { error in
                guard let failure = error as? Failure else { return false }
                return failure.code == code || failure.code == .truncated || failure.code == .reset
            }
            await lab.simulator.heal("drop")
        }
        await lab.simulator.inject(Fault(.malformed, on: .init(.content), times: 1))
        let half = try await lab.get(lab.content(), token: token)
        #expect(half.status == 200)
        #expect((try? Value(parsing: half.body)) == nil)
    }

    @Test func `one blob among good ones cannot be read`() async throws {
        let lab = try await lab()
        defer { lab.simulator.stop() }
        let token = try await lab.token()
        await lab.simulator.inject(Fault(.unreadable, on: .init(.fetch, type: .exchange, blob: 2)))
        await lab.simulator.inject(Fault(.expired, on: .init(blob: 3), times: 1))
        await lab.simulator.inject(Fault(.missing, on: .init(blob: 4)))
        let items = try #require(try await lab.get(lab.content(), token: token).json.arrayValue)
        var codes: [String] = []
        for item in items {
            codes.append(
                try await lab.get(try #require(item["contentUri"]?.stringValue), token: token).code ?? "ok"
            )
        }
        #expect(codes == ["ok", "ok", "AF50000", "AF20051", "AF20050", "ok"])
    }

    @Test func `a day of bad blobs is named by when they were created`() async throws {
        let lab = try await lab()
        defer { lab.simulator.stop() }
        let token = try await lab.token()
        var match = Fault.Match(.fetch)
        (match.createdFrom, match.createdTo) = (.after(.hours(-10)), .after(.hours(0)))
        await lab.simulator.inject(Fault(.unreadable, on: match, until: .after(.hours(1))))
        let items = try #require(try await lab.get(lab.content(), token: token).json.arrayValue)
        var bad = 0
        for item in items {
            let status = try await lab.get(try #require(item["contentUri"]?.stringValue), token: token).status
            let created = try #require(item["contentCreated"]?.stringValue)
            let isMeant = created >= (Lab.start - .hours(10)).millisecondsText
            #expect(status == (isMeant ? 500 : 200))
            bad += isMeant ? 1 : 0
        }
        #expect(bad > 0 && bad < 6)
        lab.time.advance(by: .minutes(61))
        let fresh = try await lab.token()
        let last = try #require(items.last?["contentUri"]?.stringValue)
        #expect(try await lab.get(last, token: fresh).status == 200)
    }

    @Test func `pages can loop`() async throws {
        let lab = try await lab { $0.knobs.pageSize = 2 }
        defer { lab.simulator.stop() }
        let token = try await lab.token()
        await lab.simulator.inject(Fault(.pageLoop))
        let first = try await lab.get(lab.content(), token: token)
        let second = try #require(first.header("NextPageUri"))
        let answer = try await lab.get(second, token: token)
        #expect(answer.header("NextPageUri") == second)
        #expect(try await lab.get(second, token: token).text == answer.text)
    }

    @Test func `links to foreign hosts are seen to be followed or not`() async throws {
        let lab = try await lab { $0.knobs.pageSize = 2 }
        defer { lab.simulator.stop() }
        let token = try await lab.token()
        await lab.simulator.inject(Fault(.foreignContent, on: .init(blob: 0)))
        await lab.simulator.inject(Fault(.localhostContent, on: .init(blob: 1)))
        await lab.simulator.inject(Fault(.foreignNextPage))
        let page = try await lab.get(lab.content(), token: token)
        let foreign = try #require(page.json[0]?["contentUri"]?.stringValue)
        #expect(foreign.hasPrefix(lab.simulator.foreign + "/manage/"))
        #expect(page.json[1]?["contentUri"]?.stringValue?.hasPrefix("http://localhost/") == true)
        #expect(page.header("NextPageUri")?.hasPrefix(lab.simulator.foreign) == true)
        _ = try await lab.get(foreign)
        _ = try await lab.get(foreign, token: token)
        let seen = lab.simulator.log.entries.filter { $0.listener == .foreign }
        #expect(seen.map(\.authorized) == [false, true])
        #expect(lab.simulator.log.entries.filter { $0.operation == .content }.map(\.authorized) == [true])
    }

    @Test func `blobs come late, twice, and with records twice`() async throws {
        let lab = try await lab()
        defer { lab.simulator.stop() }
        let token = try await lab.token()
        await lab.simulator.inject(Fault(.duplicateBlob, on: .init(blob: 1)))
        await lab.simulator.inject(Fault(.hidden, on: .init(blob: 3), until: .after(.minutes(30))))
        await lab.simulator.inject(Fault(.duplicateRecords, on: .init(blob: 0)))
        let items = try #require(try await lab.get(lab.content(), token: token).json.arrayValue)
        #expect(items.count == 6)
        #expect(items[1] == items[2])
        let doubled = try await lab.get(try #require(items[0]["contentUri"]?.stringValue), token: token)
        let records = try #require(doubled.json.arrayValue)
        #expect(records.count == 6)
        #expect(records[0] == records[3])
        let ids = await lab.simulator.place(
            .init(created: .after(.hours(-5)), visible: .after(.minutes(20)), .generated(2)),
            tenant: Lab.tenant,
            type: .exchange
        )
        lab.time.advance(by: .minutes(31))
        let later = try #require(try await lab.get(lab.content(), token: token).json.arrayValue)
        #expect(later.count == 8)
        #expect(later.last?["contentId"]?.stringValue == ids.first)
    }

    @Test func `records of one blob come again in a later one`() async throws {
        let lab = try await lab { $0.tenants[0].content[.exchange]?.repeatEvery = 3 }
        defer { lab.simulator.stop() }
        let events = await lab.simulator.events(tenant: Lab.tenant, type: .exchange)
        #expect(events.count == 21)
        #expect(Set(events.map(\.id)).count == 18)
        let twice = Dictionary(grouping: events, by: \.id).values.filter { $0.count == 2 }
        #expect(twice.count == 3)
        #expect(twice.allSatisfy { $0[0] == $0[1] })
    }

    @Test func `faults wait, skip, and delay`() async throws {
        let lab = try await lab()
        defer { lab.simulator.stop() }
        let token = try await lab.token()
        await lab.simulator.inject(Fault(.html(503), on: .init(.list), times: 2, skip: 1))
        var seen: [Int] = []
        for _ in 1...4 { seen.append(try await lab.get(Lab.feed("subscriptions/list"), token: token).status) }
        #expect(seen == [200, 503, 503, 200])
        await lab.simulator.inject(
            Fault(.delay(.seconds(9)), on: .init(path: "/manage/*/subscriptions/list"))
        )
        #expect(try await lab.get(Lab.feed("subscriptions/list"), token: token).status == 200)
        #expect(lab.time.slept == [.seconds(9)])
    }

    @Test func `bodies come packed where they may`() async throws {
        let lab = try await lab { $0.knobs.gzip = true }
        defer { lab.simulator.stop() }
        let token = try await lab.token()
        let plain = await lab.simulator.events(tenant: Lab.tenant, type: .exchange)
        let items = try await lab.get(
            lab.content(),
            token: token,
            headers: [Header("Accept-Encoding", "gzip")]
        )
        #expect(items.json.arrayValue?.count == 6)
        #expect(plain.count == 18)
    }
}
