// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import JSON
import Status
import Testing

@Suite("What records say beyond themselves")
struct SightingTests {
    private let start = Examples.start

    private func issue(_ from: Int, _ to: Int? = nil) -> Status.Issue {
        Status.Issue(
            stream: Examples.key,
            watch: "off",
            severity: .security,
            cause: Examples.cause(.enablement, since: start + .minutes(from)),
            seen: start + .minutes(to ?? from)
        )
    }

    private func run(_ sightings: [Sighting]) -> (open: Status.Issue?, settled: Timestamp?) {
        var open: Status.Issue?
        var settled: Timestamp?
        for sighting in sightings {
            let outcome = sighting.outcome(open: open, settled: settled)
            open = outcome.issue?.isOpen == true ? outcome.issue : nil
            settled = outcome.settled
        }
        return (open, settled)
    }

    @Test func `a hit raises, a later one goes on, and what takes it back closes`() {
        let raised = Sighting(watch: "off", hit: issue(10)).outcome(open: nil, settled: nil)
        #expect(raised.issue == issue(10) && raised.settled == nil)
        let again = Sighting(watch: "off", hit: issue(20)).outcome(open: raised.issue, settled: nil)
        #expect(again.issue?.cause.since == start + .minutes(10) && again.issue?.seen == start + .minutes(20))
        let early = Sighting(watch: "off", settled: start + .minutes(15)).outcome(
            open: again.issue,
            settled: nil
        )
        #expect(early.issue?.isOpen == true && early.issue?.cause.since == start + .minutes(20))
        let late = Sighting(watch: "off", settled: start + .minutes(30)).outcome(
            open: early.issue,
            settled: early.settled
        )
        #expect(late.issue?.closed == start + .minutes(30))
    }

    @Test func `what was taken back already does not come up again`() {
        let outcome = Sighting(watch: "off", hit: issue(10)).outcome(open: nil, settled: start + .minutes(10))
        #expect(outcome.issue == nil)
    }

    @Test(arguments: 1...100)
    func `whether it holds does not depend on the order in which records come`(_ seed: Int) {
        var chance = Chance(seed)
        var sightings = (0..<8).map { _ in
            let minute = Int.random(in: 0...60, using: &chance)
            return chance.coin()
                ? Sighting(watch: "off", hit: issue(minute))
                : Sighting(watch: "off", settled: start + .minutes(minute))
        }
        let newestHit = sightings.compactMap(\.hit?.seen).max()
        let newestEnd = sightings.compactMap(\.settled).max()
        for _ in 0..<5 {
            sightings.shuffle(using: &chance)
            let (open, settled) = run(sightings)
            let holds = newestHit.map { hit in newestEnd.map { hit > $0 } ?? true } ?? false
            #expect((open != nil) == holds)
            #expect(settled == newestEnd)
            if let open { #expect(open.seen == newestHit) }
        }
    }

    @Test func `a stream's open issues give it the cause that blocks, and one of class ok gives it none`() {
        var closed = issue(1)
        closed.closed = start
        var mild = issue(2)
        mild.cause.faultClass = .ok
        #expect(Status.Issue.standing([closed, mild]) == nil)
        #expect(Status.Issue.standing([closed, mild, issue(5), issue(4)])?.since == start + .minutes(4))
    }

    @Test func `what a record says since when is lost is said so, though the watermark goes on`() {
        let now = start + .days(2)
        var situation = Examples.healthy(now: now)
        situation.facts.standing = Examples.cause(.enablement, since: now - .hours(3))
        let verdict = Evaluator(host: Examples.host(at: now), now: now).evaluate(situation)
        #expect(verdict.state == .blocked)
        #expect(verdict.losingSince == now - .hours(3))
    }
}
