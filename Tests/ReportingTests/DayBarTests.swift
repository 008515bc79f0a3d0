// SPDX-License-Identifier: Apache-2.0
import Basics
import Reporting
import Status
import Testing

/// Thirty days of a stream, from the changes that were written down.
@Suite struct DayBarTests {
    private static let now = Timestamp(iso8601: "2026-11-27T14:07:00Z") ?? Timestamp(seconds: 0)

    private static func at(_ text: String) -> Timestamp { Timestamp(iso8601: text) ?? Timestamp(seconds: 0) }

    private func bar(
        _ changes: [(from: StreamState?, to: StreamState, at: String, since: String?)],
        stored: StreamState? = nil,
        present: StreamState = .active,
        since: String? = nil,
        accepted: String? = "2026-01-01T00:00:00Z"
    ) -> DayBar {
        DayBar(
            changes.map { change in
                StateChange(
                    from: change.from,
                    to: change.to,
                    at: Self.at(change.at),
                    since: change.since.map(Self.at),
                    cause: nil
                )
            },
            stored: stored,
            present: Assessment(state: present, since: since.map(Self.at)),
            accepted: accepted.map(Self.at),
            now: Self.now
        )
    }

    private func states(_ bar: DayBar) -> [String: StreamState] {
        Dictionary(uniqueKeysWithValues: bar.days.compactMap { day in day.state.map { (day.name, $0) } })
    }

    @Test func `there are thirty days and the last one is today`() {
        let days = bar([]).days.map(\.name)
        #expect(days.count == 30 && days.first == "2026-10-29" && days.last == "2026-11-27")
    }

    @Test func `without a change all days were as the present one`() {
        #expect(bar([]).words == "30 active")
        #expect(bar([]).changes.isEmpty)
    }

    @Test func `before it was accepted there was nothing to collect, and a draft has no days at all`() {
        let young = bar(
            [(nil, .pending, "2026-11-25T10:00:00Z", nil), (.pending, .active, "2026-11-25T10:05:00Z", nil)],
            accepted: "2026-11-25T10:00:00Z"
        )
        #expect(states(young) == ["2026-11-25": .active, "2026-11-26": .active, "2026-11-27": .active])
        #expect(bar([], present: .draft, accepted: nil).words == "")
    }

    @Test
    func `a day is as bad as its worst hour, and a state begins when it began and not when it was seen`() {
        let found = states(
            bar([
                (.blocked, .active, "2026-11-20T00:30:00Z", nil),
                (.active, .blocked, "2026-11-18T09:00:00Z", "2026-11-17T23:00:00Z"),
            ])
        )
        #expect(found["2026-11-16"] == .active)
        for day in ["2026-11-17", "2026-11-18", "2026-11-19", "2026-11-20"] {
            #expect(found[day] == .blocked)
        }
        #expect(found["2026-11-21"] == .active)
    }

    @Test func `what is found now counts although nobody has written it down`() {
        let found = states(bar([], stored: .active, present: .unknown, since: "2026-11-26T20:00:00Z"))
        #expect(found["2026-11-25"] == .active && found["2026-11-26"] == .unknown)
        let written = states(
            bar(
                [(.pending, .active, "2026-10-30T08:00:00Z", nil)],
                present: .unknown,
                since: "2026-11-26T20:00:00Z"
            )
        )
        #expect(written["2026-11-25"] == .active)
        #expect(written["2026-11-26"] == .unknown && written["2026-11-27"] == .unknown)
    }

    @Test func `changes are told newest first, and only those of these days`() {
        let bar = bar([
            (nil, .pending, "2026-10-01T08:00:00Z", nil), (.pending, .active, "2026-11-01T08:00:00Z", nil),
            (.active, .late, "2026-11-02T08:00:00Z", nil), (.late, .active, "2026-11-02T09:00:00Z", nil),
        ])
        #expect(bar.changes.map(\.to) == [.active, .late, .active])
        #expect(states(bar)["2026-10-31"] == .pending)
        #expect(bar.words == "26 active, 3 pending, 1 late")
    }
}
