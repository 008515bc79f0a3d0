// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import JSON

/// Fifty tenants of which one is dead and one throttled: what that does to the other forty-eight.
enum Neighbours {
    private static let healthy = 48
    private static let throttled = 49
    private static let dead = 50
    private static let blobs = 20
    private static let eventsPerBlob = 50

    static func rows(_ setting: Setting) async throws -> [Report.Row] {
        var scenario = Lab.scenario()
        scenario.knobs.latency = .milliseconds(5)
        scenario.knobs.blobLatency = .milliseconds(20)
        let plans = Lab.plans(blobs: blobs, of: eventsPerBlob)
        scenario.tenants = (1...dead).map { Lab.tenant($0, holding: plans) }
        let lab = try await Lab("neighbours", scenario, setting, fromDisk: false)
        defer { lab.end() }
        let hole = try BlackHole()
        let among = try await homes(lab, hole)
        let throttle = Fault(
            .throttle(status: 429, retryAfter: 30),
            on: Fault.Match(.content, .fetch, tenant: scenario.tenants[throttled - 1].id)
        )
        var alone: [Double] = []
        var beside: [Double] = []
        var rounds = Rounds()
        for run in 1...setting.runs {
            await lab.simulator.heal()
            alone.append(try await lag(lab, among.alone, "alone", &rounds))
            await lab.simulator.inject(throttle)
            beside.append(try await lag(lab, among.beside, "beside", &rounds))
            setting.say(
                "  run \(run): last of 48 stored after \(alone[run - 1].text(3)) s alone, "
                    + "\(beside[run - 1].text(3)) s beside the two"
            )
        }
        let ratio = zip(beside, alone).map { $0 / $1 }.median
        var first = rounds.row("48 tenants, nobody else", "alone", note: "")
        first.note = "the last of the 48 stored after \(alone.median.text(3)) s"
        var second = rounds.row("48 tenants beside a dead and a throttled one", "beside", note: "")
        second.ratio = ratio.text(2) + "x"
        second.wanted = "lag as without"
        second.note = "the last of the 48 stored after \(beside.median.text(3)) s; the ratio is of these"
        return [first, second]
    }

    /// Two homes: with the forty-eight, and with all fifty of which one's cloud answers nothing any more.
    private static func homes(_ lab: Lab, _ hole: BlackHole) async throws -> (alone: String, beside: String) {
        let cloud = try Value(parsing: Array(lab.simulator.cloudsDocument.utf8))["lab"] ?? .null
        let alone = try lab.makeHome("alone", clouds: [("dead", cloud)])
        for number in 1...healthy { try await connect(lab, number, alone) }
        let beside = lab.folder + "/beside"
        try await Files.copy(alone, to: beside)
        try await connect(lab, throttled, beside)
        try await connect(lab, dead, beside, cloud: "dead")
        let moved = lab.simulator.cloudsDocument.replacing(lab.base, with: hole.base)
        let silent = try Value(parsing: Array(moved.utf8))["lab"] ?? .null
        try lab.writeClouds([("dead", silent)], in: beside)
        return (alone, beside)
    }

    private static func connect(_ lab: Lab, _ number: Int, _ home: String, cloud: String = "lab") async throws
    {
        let tenant = Lab.tenant(number, holding: [:]).id
        try await lab.connect(tenant, as: "c\(number)", in: home, cloud: cloud)
    }

    /// Seconds until the last record of the forty-eight was taken in.
    private static func lag(_ lab: Lab, _ home: String, _ name: String, _ rounds: inout Rounds) async throws
        -> Double
    {
        var last = Timestamp(nanoseconds: 0)
        var count = 0
        let started = Locked(SystemTime().now)
        let sample = try await lab.collect(
            home,
            archive: true,
            allowed: [0, 1],
            options: ["--wait", "PT5S"],
            starting: { started.withLock { $0 = SystemTime().now } }
        ) { home in
            for (customer, collected) in try JournalHeads.all(below: home + "/journal")
            where customer != "c\(throttled)" && customer != "c\(dead)" {
                count += 1
                last = max(last, collected)
            }
        }
        let expected = healthy * blobs * eventsPerBlob
        guard count == expected else {
            throw BenchFailure("the journal holds \(count) of \(expected) events of the 48 tenants")
        }
        rounds.add(name, sample)
        return Double((last - started.withLock { $0 }).wholeNanoseconds) / 1e9
    }
}
