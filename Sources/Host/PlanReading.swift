// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Probing
import Status
import Store

/// Reads daily which plans each tenant holds, and acts on what has changed.
///
/// A plan that appears takes back an exclusion that was made for want of it. A plan that is gone excludes nothing: a
/// stream that was covered is shown as blocked, and leaving it out is a person's decision.
struct PlanReading: Sendable {
    let station: Station
    /// How often a list is read.
    static let interval = Duration.days(1)
    /// How long after one that could not be read it is tried again.
    static let patience = Duration.hours(1)
    private static let atOnce = 8

    func run() async throws {
        var tried: [ConnectionKey: Timestamp] = [:]
        while true {
            do {
                tried = try await readDue(tried)
            } catch let cancelled as CancellationError {
                throw cancelled
            } catch {
                station.log.warning("lists of plans could not be read", ["because": "\(error)"])
            }
            try await station.time.sleep(for: Upkeep.interval)
        }
    }

    /// Reads every list that is due and says when each was last tried, those in `tried` not yet again.
    @discardableResult
    func readDue(_ tried: [ConnectionKey: Timestamp] = [:]) async throws -> [ConnectionKey: Timestamp] {
        let now = station.time.now
        var tries = tried.filter { now - $0.value < Self.patience }
        let connections = try await station.ledger.connections()
        let due = connections.filter { isDue($0, now) && tries[$0.key] == nil }
        for connection in due { tries[connection.key] = now }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, connection) in due.enumerated() {
                if index >= Self.atOnce { _ = try await group.next() }
                group.addTask { try await read(connection) }
            }
            try await group.waitForAll()
        }
        return tries
    }

    private func isDue(_ connection: Connection, _ now: Timestamp) -> Bool {
        guard !connection.isDraft, let definition = try? station.shelf.definition(connection.connector),
            definition.planStep != nil
        else { return false }
        return connection.plans.map { now - $0.at >= Self.interval } ?? true
    }

    private func read(_ connection: Connection) async throws {
        guard let definition = try? station.shelf.definition(connection.connector),
            let step = definition.planStep
        else { return }
        let held: Set<String>?
        do {
            let session = try await station.sessions.session(of: connection, definition)
            held = try await PlanRequest.plans(step, through: session)
        } catch let cancelled as CancellationError {
            throw cancelled
        } catch {
            // What is wrong with the connection its streams say.
            held = nil
        }
        guard let held else {
            let fields: KeyValuePairs = ["connection": connection.key.description]
            return station.log.info("the list of plans could not be read", fields)
        }
        try await apply(definition.known(held), to: connection.key, definition)
    }

    private func apply(_ plans: Set<String>, to key: ConnectionKey, _ definition: Definition) async throws {
        let now = station.time.now
        // Time has passed since the list was asked for, and a person may have decided something meanwhile.
        guard let connection = try await station.ledger.connection(key) else { return }
        var changes: [LedgerChange] = [.plans(key, HeldPlans(plans: plans, at: now))]
        for (choice, stream) in zip(connection.streams, connection.streamKeys) {
            guard let described = definition.stream(choice.stream) else { continue }
            let isLicensed = definition.missingLicense(of: described, with: plans) == nil
            var facts = try await station.ledger.facts(of: stream)
            if let hold = choice.hold {
                guard hold.by == Hold.licenseList, isLicensed else { continue }
                facts.noteLicense(at: now)
                changes += [.hold(stream, nil), .stream(stream, .facts(facts))]
                station.log.info("a plan appeared: the stream is collected", ["stream": stream.description])
            } else if !described.neededLicenses.isEmpty, facts.weighLicense(isLicensed, at: now) {
                changes.append(.stream(stream, .facts(facts)))
            }
        }
        try await station.ledger.write(changes)
    }
}
