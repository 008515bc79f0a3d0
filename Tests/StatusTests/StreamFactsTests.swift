// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Status
import Testing

@Suite struct StreamFactsTests {
    private let now = Examples.start

    @Test func `a first auth answer is believed at once with a credential that never worked`() {
        var facts = StreamFacts()
        facts.noteFailure(.auth, message: "no", at: now, credential: "1")
        #expect(facts.cause?.confirmed == true)
        facts.noteSuccess(at: now, credential: "1")
        facts.noteFailure(.auth, message: "no", at: now, credential: "2")
        #expect(facts.cause?.confirmed == true)
    }

    @Test func `a credential that worked is doubted until a fresh token five minutes later says the same`() {
        var facts = StreamFacts()
        facts.noteSuccess(at: now, credential: "1")
        facts.noteFailure(.auth, message: "no", at: now + .minutes(1), credential: "1", freshToken: true)
        #expect(facts.cause?.confirmed == false)
        facts.noteFailure(.auth, message: "no", at: now + .minutes(5), credential: "1", freshToken: true)
        #expect(facts.cause?.confirmed == false)
        facts.noteFailure(.auth, message: "no", at: now + .minutes(7), credential: "1", freshToken: false)
        #expect(facts.cause?.confirmed == false)
        facts.noteFailure(.auth, message: "no", at: now + .minutes(8), credential: "1", freshToken: true)
        #expect(facts.cause?.confirmed == true)
        #expect(facts.cause?.since == now + .minutes(1))
        facts.noteFailure(.auth, message: "no", at: now + .minutes(9), credential: "1")
        #expect(facts.cause?.confirmed == true)
    }

    @Test func `one license answer proves nothing, a second one after five minutes does`() {
        var facts = StreamFacts()
        facts.noteFailure(.license, message: "no", at: now)
        #expect(facts.cause?.confirmed == false)
        facts.noteFailure(.license, message: "no", at: now + .minutes(4))
        #expect(facts.cause?.confirmed == false)
        #expect(StreamFacts(json: facts.json) == facts)
        facts.noteFailure(.license, message: "no", at: now + .minutes(5))
        #expect(facts.cause?.confirmed == true && facts.cause?.since == now)
        facts.noteSuccess(at: now + .minutes(6), credential: nil)
        facts.noteFailure(.license, message: "no", at: now + .minutes(20))
        #expect(facts.cause?.confirmed == false)
        // Another trouble between two of them makes the second a first one.
        facts.noteFailure(.transient, message: "down", at: now + .minutes(26))
        facts.noteFailure(.license, message: "no", at: now + .minutes(30))
        #expect(facts.cause?.confirmed == false)
    }

    @Test func `the list of plans settles a license answer, and takes it back`() {
        var facts = StreamFacts()
        facts.noteFailure(.license, message: "no", at: now, isLicensed: false)
        #expect(facts.cause?.confirmed == true)
        facts.noteFailure(.license, message: "no", at: now + .hours(1), isLicensed: true)
        #expect(facts.cause?.confirmed == false)
        var changed = facts.weighLicense(false, at: now + .hours(2))
        #expect(changed && facts.cause?.confirmed == true)
        changed = facts.weighLicense(false, at: now + .hours(3))
        #expect(!changed)
        changed = facts.weighLicense(true, at: now + .hours(4))
        #expect(changed && facts.nextTry == now + .hours(4) && facts.cause?.confirmed == false)
        var other = StreamFacts()
        other.noteFailure(.permission, message: "no", at: now)
        changed = other.weighLicense(false, at: now)
        #expect(!changed && other.cause?.confirmed == true)
    }

    @Test func `records left out and blackened count by the hour for a day`() {
        var facts = StreamFacts()
        facts.noteSelection(dropped: 5, redacted: 1, at: now - .hours(30))
        facts.noteSelection(dropped: 3, redacted: 0, at: now - .hours(2))
        facts.noteSelection(dropped: 0, redacted: 2, at: now)
        #expect(facts.dropped24h(now: now) == 3 && facts.redacted24h(now: now) == 2)
        #expect(StreamFacts(json: facts.json) == facts)
        #expect(!facts.everHadRecord)
    }

    @Test func `the run of failures keeps its first instant and a whole cycle ends it`() {
        var facts = StreamFacts()
        facts.noteFailure(.transient, message: "a", at: now)
        facts.noteFailure(.network, message: "b", at: now + .minutes(5))
        #expect(facts.failingSince == now)
        #expect(facts.cause?.since == now + .minutes(5))
        #expect(facts.consecutiveFailures == 2)
        facts.noteSuccess(at: now + .minutes(9), credential: nil)
        #expect(facts.cause == nil && facts.failingSince == nil && facts.consecutiveFailures == 0)
    }

    @Test func `records count by the hour for a day`() {
        var facts = StreamFacts()
        facts.noteRecords(5, newestEvent: now, at: now - .hours(30))
        facts.noteRecords(3, newestEvent: nil, at: now - .hours(2))
        facts.noteRecords(2, newestEvent: now - .days(9), at: now)
        #expect(facts.records24h(now: now) == 5)
        #expect(facts.lastRecordEvent == now)
        #expect(facts.everHadRecord)
    }

    @Test func `the quiet baseline is by rule first and by the stream's own silences later`() {
        var facts = StreamFacts()
        facts.noteRecords(1, newestEvent: nil, at: now - .days(13))
        #expect(facts.quietBaseline(now: now) == .hours(72))
        facts.firstRecordStored = now - .days(15)
        facts.noteRecords(1, newestEvent: nil, at: now - .days(12))
        #expect(facts.quietBaseline(now: now) == .hours(48))
        facts.noteRecords(1, newestEvent: nil, at: now - .days(2))
        #expect(facts.quietBaseline(now: now) == .days(7))
        var steady = StreamFacts()
        for hour in 0..<400 { steady.noteRecords(1, newestEvent: nil, at: now - .hours(400 - hour)) }
        #expect(steady.quietBaseline(now: now) == .hours(24))
        #expect(steady.silences.count <= 28 && steady.hours.count <= 24)
    }

    @Test func `facts survive the ledger`() {
        var facts = Examples.healthy(now: now).facts
        facts.noteFailure(.shape, code: "X", message: "no array", at: now, nextTry: now + .minutes(2))
        facts.standing = Examples.cause(.enablement, since: now)
        facts.startedAt = ["start": now - .minutes(3)]
        facts.skew = .milliseconds(-3_600_123)
        facts.historyFrom = now - .days(7)
        facts.noteRecords(1, newestEvent: nil, at: now + .days(2))
        #expect(StreamFacts(json: facts.json) == facts)
        #expect(StreamFacts(json: StreamFacts().json) == StreamFacts())
    }
}
