// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import JSON
import Status
import Store

/// A thousand tenants in which nothing happens, each asked once for what is new in its five streams.
enum IdleTenants {
    private static let count = 1_000

    static func rows(_ setting: Setting) async throws -> [Report.Row] {
        var scenario = Lab.scenario()
        let fleet = Scenario.Fleet(count: count, prefix: "idle", app: Lab.app, roles: Lab.roles)
        scenario.fleet = fleet
        scenario.knobs.logLimit = count * 20
        let lab = try await Lab("idle", scenario, setting, fromDisk: false)
        defer { lab.end() }
        let home = try lab.makeHome("home")
        try await lab.connect(fleet.id(0), as: "idle-0", in: home, start: "now")
        try await multiply(home, fleet)
        var rounds = Rounds()
        var polls = 0
        for run in 1...min(3, setting.runs) {
            lab.simulator.log.clear()
            let sample = try await lab.collect(home, archive: true) { _ in
                let lists = lab.simulator.log.entries.filter { $0.operation == .content && $0.status == 200 }
                polls = lists.count
                let asked = Set(lists.map(\.tenant)).count
                guard asked == count else { throw BenchFailure("\(asked) of \(count) tenants were asked") }
            }
            rounds.add("idle", sample)
            setting.say("  run \(run): \(rounds.latest), \(polls) lists")
        }
        let cpu = rounds.typical("idle").cpu
        return [
            rounds.row(
                "\(count.grouped) idle tenants polled once",
                "idle",
                wanted: "a few ms a poll",
                note: "\((cpu / Double(count) * 1e3).text(2)) ms of CPU a tenant with token and "
                    + "\(polls / count) lists, \((cpu / Double(max(1, polls)) * 1e3).text(2)) ms a list"
            )
        ]
    }

    /// Connects all other tenants like the first, through the ledger's own door: the command would take a test each.
    private static func multiply(_ path: String, _ fleet: Scenario.Fleet) async throws {
        let home = try Home.open(path)
        let ledger = try SQLiteLedger(home: home)
        guard let first = try await ledger.connections().first else {
            throw BenchFailure("nothing is connected in \(path)")
        }
        // Accepted an hour ago, so that there is a window to ask for.
        let accepted = SystemTime().now - .hours(1)
        var changes: [LedgerChange] = []
        for index in 0..<count {
            let key = ConnectionKey(customer: "idle-\(index)", connection: first.key.connection)
            var connection = first
            connection.key = key
            connection.tenant = fleet.id(index)
            connection.identity = first.identity.replacing(first.tenant, with: fleet.id(index))
            var credentials = first.credentials.objectValue ?? [:]
            credentials["tenantId"] = .string(fleet.id(index))
            connection.credentials = .object(credentials)
            connection.acceptedAt = accepted
            changes.append(.customer(Customer(id: key.customer, created: accepted)))
            changes.append(.connection(connection))
            for stream in connection.streamKeys {
                var facts = StreamFacts()
                facts.acceptedAt = accepted
                changes.append(.stream(stream, .facts(facts)))
            }
        }
        try await ledger.write(changes)
    }
}
