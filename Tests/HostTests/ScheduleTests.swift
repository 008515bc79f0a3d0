// SPDX-License-Identifier: Apache-2.0
import Basics
import Host
import Status
import Testing

@Suite("The schedule")
struct ScheduleTests {
    let now = Timestamp(seconds: 1_800_000_000)

    func stream(_ number: Int) -> StreamKey {
        StreamKey(customer: "c\(number)", connection: "o365", stream: "Audit.General")
    }

    @Test func `a stream is due, runs once at a time, and comes again after its interval`() {
        var schedule = Schedule()
        schedule.keep(stream(1), interval: .minutes(5), first: nil, now: now)
        #expect(schedule.start(now: now, most: 10) == [stream(1)])
        #expect(schedule.start(now: now + .hours(1), most: 10).isEmpty)
        schedule.ended(stream(1), at: now, next: nil)
        #expect(schedule.start(now: now + .seconds(299), most: 10).isEmpty)
        #expect(schedule.start(now: now + .minutes(5), most: 10) == [stream(1)])
    }

    @Test func `a stream that names its next try is asked then`() {
        var schedule = Schedule()
        schedule.keep(stream(1), interval: .minutes(5), first: nil, now: now)
        _ = schedule.start(now: now, most: 1)
        schedule.ended(stream(1), at: now, next: now + .hours(1))
        #expect(schedule.nextDue == now + .hours(1))
    }

    @Test func `a stream that is hurried while it runs comes again at once, unless it must wait`() {
        var schedule = Schedule()
        schedule.keep(stream(1), interval: .minutes(5), first: nil, now: now)
        for (next, due) in [(nil, now), (now + .hours(1), now + .hours(1)), (nil, now)]
            as [(Timestamp?, Timestamp)]
        {
            schedule.hurry(stream(1), now: now)
            #expect(schedule.start(now: now, most: 1) == [stream(1)])
            schedule.hurry(stream(1), now: now)
            schedule.ended(stream(1), at: now, next: next)
            #expect(schedule.nextDue == due)
        }
        _ = schedule.start(now: now, most: 1)
        schedule.ended(stream(1), at: now, next: nil)
        #expect(schedule.nextDue == now + .minutes(5))
    }

    @Test func `those that have waited longest go first, and no more than asked`() {
        var schedule = Schedule()
        for number in 1...5 {
            schedule.keep(stream(number), interval: .minutes(5), first: now + .seconds(number), now: now)
        }
        #expect(schedule.start(now: now + .minutes(1), most: 2) == [stream(1), stream(2)])
        #expect(schedule.running == 2)
    }

    @Test func `ten thousand streams spread over the first tenth of their interval`() {
        var schedule = Schedule()
        for number in 0..<10_000 {
            schedule.keep(stream(number), interval: .minutes(5), first: nil, now: now)
        }
        let atOnce = schedule.start(now: now, most: 100_000).count
        #expect(atOnce < 100)
        #expect(schedule.start(now: now + .seconds(30), most: 100_000).count == 10_000 - atOnce)
    }

    @Test func `a stream that was dropped while it ran stays away`() {
        var schedule = Schedule()
        schedule.keep(stream(1), interval: .minutes(5), first: nil, now: now)
        _ = schedule.start(now: now, most: 1)
        schedule.drop(stream(1))
        schedule.ended(stream(1), at: now, next: nil)
        #expect(schedule.nextDue == nil)
    }
}
