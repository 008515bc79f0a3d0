// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import JSON
import Source
import TestSupport
import Testing

@Suite struct QuotasTests {
    private let quota = Fixture.definition.quotas[0]

    @Test func `in any stretch of the period there are at most so many requests`() async throws {
        let time = ManualTime(Fixture.start, runsAhead: true)
        let quotas = Quotas(time: time)
        var taken: [Duration] = []
        for _ in 0..<7 {
            try await quotas.take(quota, for: ["t"])
            taken.append(time.now - Fixture.start)
            // Requests take their time too.
            time.advance(by: .seconds(1))
        }
        #expect(taken == [0, 1, 10, 11, 20, 21, 30].map { Duration.seconds($0) })
    }

    @Test func `counters are apart by scope and together by equal ones`() async throws {
        let time = ManualTime(Fixture.start, runsAhead: true)
        let quotas = Quotas(time: time)
        for scope in ["a", "b", "a", "b"] { try await quotas.take(quota, for: [scope]) }
        #expect(time.slept.isEmpty)
        try await quotas.take(quota, for: ["a"])
        #expect(time.slept == [.seconds(10)])
        #expect(await quotas.tidy() == 2)
        time.advance(by: .days(2))
        #expect(await quotas.tidy() == 0)
    }

    @Test func `two definitions share one quota, and no ten seconds see more than five requests`()
        async throws
    {
        func definition(_ id: String) throws -> Definition {
            let text = Fixture.text.replacing("\"example-feed\"", with: "\"\(id)\"").replacing(
                "\"requests\": 2",
                with: "\"requests\": 5"
            )
            return try #require(Definition.read(Array(text.utf8)).definition)
        }
        let time = ManualTime(Fixture.start, runsAhead: true)
        let sent = Locked([Timestamp]())
        let transport = ScriptedTransport { _ in
            sent.withLock { $0.append(time.now) }
            // Answers take a while, so that requests fall anywhere in the window.
            time.advance(by: .milliseconds(700))
            return Fixture.json(200, "[]")
        }
        let shared = Session.Shared(transport: transport, time: time)
        let window = Names(["window": ["start": "2026-11-21T00:00:00Z"]])
        var sessions: [Session] = []
        for (id, connection) in [("one", "acme/a"), ("two", "acme/b"), ("two", "other/c")] {
            sessions.append(
                try Session(
                    definition: definition(id),
                    cloud: Fixture.cloud(),
                    owner: Session.Owner(connection: connection, registration: connection, tenant: "t-1"),
                    names: Fixture.names,
                    authority: Keys(),
                    shared: shared
                )
            )
        }
        for round in 0..<24 {
            let session = sessions[round % sessions.count]
            let list = session.definition.streams[0].list.request
            #expect(try await session.ask(list, for: .list, with: window).isSuccess)
        }
        let times = sent.withLock { $0 }
        #expect(times.count == 24)
        for (index, time) in times.enumerated() where index >= 5 {
            #expect(time - times[index - 5] >= .seconds(10), "\(index)")
        }
        // Held back no longer than the rule asks for: twenty-four requests are five windows at most.
        #expect(time.now - Fixture.start < .seconds(50))
        // Another tenant is counted apart.
        let other = try Session(
            definition: definition("two"),
            cloud: Fixture.cloud(),
            owner: Session.Owner(connection: "x/y", registration: "r", tenant: "t-2"),
            names: Fixture.names,
            authority: Keys(),
            shared: shared
        )
        let slept = time.slept.count
        _ = try await other.ask(other.definition.streams[0].list.request, for: .list, with: window)
        #expect(time.slept.count == slept)
    }

    @Test func `places are given in the order of asking, and a cancelled one is free again`() async throws {
        let time = ManualTime(Fixture.start)
        let quotas = Quotas(time: time)
        let quota = quota
        for _ in 0..<2 { try await quotas.take(quota, for: ["t"]) }
        let cancelled = Task { try await quotas.take(quota, for: ["t"]) }
        while time.waiting < 1 { await Task.yield() }
        cancelled.cancel()
        await #expect(throws: CancellationError.self) { try await cancelled.value }
        let next = (0..<3).map { _ in Task { try await quotas.take(quota, for: ["t"]) } }
        while time.waiting < 3 { await Task.yield() }
        #expect(time.slept.sorted() == [10, 10, 10, 20].map { Duration.seconds($0) })
        time.advance(by: .seconds(10))
        time.advance(by: .seconds(10))
        for task in next { try await task.value }
    }

    @Test func `a clock that jumps back does not make anybody wait for hours`() async throws {
        let time = ManualTime(Fixture.start, runsAhead: true)
        let quotas = Quotas(time: time)
        for _ in 0..<2 { try await quotas.take(quota, for: ["t"]) }
        time.advance(by: .hours(-3))
        try await quotas.take(quota, for: ["t"])
        #expect(time.slept == [.seconds(10)])
    }
}

@Suite struct BudgetTests {
    @Test func `a connection at its limit lets others pass`() async throws {
        let budget = Budget(most: 3, mostBytes: 100)
        let first = try await budget.enter("a", limit: 1, bytes: 10)
        let second = Task { try await budget.enter("a", limit: 1, bytes: 10) }
        while await budget.waiting < 1 { await Task.yield() }
        let other = try await budget.enter("b", limit: 1, bytes: 10)
        #expect(await budget.count == 2)
        await budget.arrived(first, bytes: 3)
        let served = try await second.value
        #expect(await budget.bytesHeld == 23)
        for room in [first, other, served] { await budget.leave(room) }
        await budget.leave(first)
        #expect(await budget.bytesHeld == 0)
        #expect(await budget.count == 0)
    }

    @Test func `one connection holds no more than its share of the bytes, whatever its limit`() async throws {
        let budget = Budget(most: 100, mostBytes: 32_000)
        let first = try await budget.enter("a", limit: 50, bytes: 10, kind: "a fetch")
        await budget.learn("a fetch", bytes: 400)
        await budget.arrived(first, bytes: 400)
        // A thirty-second is a thousand: one more usual answer fits beside the first.
        let second = try await budget.enter("a", limit: 50, bytes: 10, kind: "a fetch")
        let third = Task { try await budget.enter("a", limit: 50, bytes: 10, kind: "a fetch") }
        while await budget.waiting < 1 { await Task.yield() }
        let other = try await budget.enter("b", limit: 50, bytes: 10, kind: "b fetch")
        #expect(await budget.waiting == 1)
        await budget.leave(first)
        let served = try await third.value
        for room in [second, other, served] { await budget.leave(room) }
        // However large its answers, a connection without any under way gets one.
        await budget.learn("a fetch", bytes: 5_000)
        await budget.leave(try await budget.enter("a", limit: 50, bytes: 10, kind: "a fetch"))
    }

    @Test func `a connection's usual sizes, of whatever kind, go with its last request`() async throws {
        let budget = Budget(most: 100, mostBytes: 32_000)
        let list = try await budget.enter("a", limit: 50, bytes: 10, kind: "a list")
        let fetch = try await budget.enter("a", limit: 50, bytes: 10, kind: "a fetch")
        let other = try await budget.enter("b", limit: 50, bytes: 10, kind: "b list")
        for kind in ["a list", "a fetch", "b list"] { await budget.learn(kind, bytes: 40) }
        await budget.leave(list)
        #expect(await budget.kindsKnown == ["a list", "a fetch", "b list"])
        await budget.leave(fetch)
        #expect(await budget.kindsKnown == ["b list"])
        await budget.leave(other)
        #expect(await budget.kindsKnown.isEmpty)
    }

    @Test func `a body larger than the budget waits until it is alone, and is not overtaken`() async throws {
        let budget = Budget(most: 10, mostBytes: 100)
        let small = try await budget.enter("a", limit: 9, bytes: 10)
        let large = Task { try await budget.enter("a", limit: 9, bytes: 500) }
        while await budget.waiting < 1 { await Task.yield() }
        let late = Task { try await budget.enter("b", limit: 9, bytes: 10) }
        while await budget.waiting < 2 { await Task.yield() }
        await budget.leave(small)
        let room = try await large.value
        #expect(await budget.bytesHeld == 500)
        #expect(await budget.waiting == 1)
        await budget.leave(room)
        await budget.leave(try await late.value)
    }

    @Test func `a cancelled waiter leaves the queue to the others`() async throws {
        let budget = Budget(most: 1, mostBytes: 100)
        let room = try await budget.enter("a", limit: 9, bytes: 10)
        let gone = Task { try await budget.enter("a", limit: 9, bytes: 500) }
        while await budget.waiting < 1 { await Task.yield() }
        let next = Task { try await budget.enter("a", limit: 9, bytes: 20) }
        while await budget.waiting < 2 { await Task.yield() }
        gone.cancel()
        await #expect(throws: CancellationError.self) { _ = try await gone.value }
        await budget.leave(room)
        #expect(try await next.value.bytes == 20)
    }

    @Test func `what is set aside follows the answers, up at once and down slowly`() async {
        let budget = Budget()
        #expect(await budget.expected("k") == Budget.least)
        await budget.learn("k", bytes: 8 << 20)
        #expect(await budget.expected("k") == 10 << 20)
        await budget.learn("k", bytes: 10)
        #expect(await budget.expected("k") == (10 << 20) / 8 * 7)
        for _ in 0..<40 { await budget.learn("k", bytes: 10) }
        #expect(await budget.expected("k") == Budget.least)
    }
}

@Suite struct ClockSkewTests {
    @Test func `the middle of the last answers counts, and small differences are none`() {
        let skew = ClockSkew()
        func observe(_ ahead: Duration, travel: Duration = .milliseconds(200)) {
            let sent = Fixture.start + ahead
            skew.observe("h", sent: sent, received: sent + travel, date: Fixture.start)
        }
        #expect(skew.ahead(of: "h") == .zero)
        observe(.seconds(1))
        #expect(skew.ahead(of: "h") == .zero)
        for _ in 0..<4 { observe(.hours(1)) }
        #expect(skew.ahead(of: "h") == .hours(1) - .milliseconds(400))
        observe(.days(300))
        observe(.days(-300), travel: .seconds(40))
        #expect(skew.ahead(of: "h") == .hours(1) - .milliseconds(400))
        for _ in 0..<5 { observe(.hours(-1)) }
        #expect(skew.ahead(of: "h") == .hours(-1) - .milliseconds(400))
    }
}
