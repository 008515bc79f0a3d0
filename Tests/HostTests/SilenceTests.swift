// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Host
import Status
import Testing

@Suite("Silence of a whole connection")
struct SilenceTests {
    let now = Timestamp(seconds: 1_800_000_000)

    func facts(silentFor silence: Duration, cause: Cause? = nil) -> StreamFacts {
        var facts = StreamFacts()
        facts.everHadRecord = true
        facts.lastRecordStored = now - silence
        facts.lastSuccess = now
        facts.cause = cause
        return facts
    }

    @Test func `all streams silent for hours is suspicious, one that speaks is enough to trust`() {
        let silent = facts(silentFor: .hours(3))
        #expect(Silence.isSuspicious([silent, silent], lastAsked: nil, now: now))
        #expect(!Silence.isSuspicious([silent, facts(silentFor: .minutes(10))], lastAsked: nil, now: now))
    }

    @Test func `streams that never spoke say nothing`() {
        var never = StreamFacts()
        never.lastSuccess = now
        #expect(!Silence.isSuspicious([never], lastAsked: nil, now: now))
        #expect(Silence.isSuspicious([never, facts(silentFor: .hours(3))], lastAsked: nil, now: now))
    }

    @Test func `the source is not asked again within hours, nor where a trouble is known already`() {
        let silent = facts(silentFor: .hours(3))
        #expect(!Silence.isSuspicious([silent], lastAsked: now - .hours(1), now: now))
        let trouble = Cause(faultClass: .network, message: "no answer", since: now)
        #expect(
            !Silence.isSuspicious([facts(silentFor: .hours(3), cause: trouble)], lastAsked: nil, now: now)
        )
    }
}
