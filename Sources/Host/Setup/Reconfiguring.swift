// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import JSON
package import Probing
import Status
package import Store

/// Changes connections that are set up already: works out what becomes another, tests it, and writes it.
package struct Reconfiguring: Sendable {
    /// What a change comes to, before anything of it is done.
    package struct Plan: Sendable {
        package let connection: Connection
        package fileprivate(set) var differences: [SetupDifference]
        let answers: Answers
        let noChanges: Bool

        /// Whether other requests are made than before, so that a test decides whether it holds.
        var asksOtherwise: Bool { differences.contains { $0.path.hasPrefix("credentials.") } }
        /// Whether a test can tell anything of it.
        var needsTest: Bool {
            asksOtherwise || differences.contains { $0.path == "draft" }
                || differences.contains {
                    $0.path == "streams" || $0.path.hasPrefix("select.") || $0.path == "secretExpires"
                }
        }

        /// The same for a draft that is to be tested again whatever else becomes another.
        func testing() -> Plan {
            var plan = self
            plan.differences.append(SetupDifference("draft", true, false))
            return plan
        }
    }

    /// What came of it.
    package enum Result: Sendable {
        /// It is as it was wanted already.
        case unchanged
        /// It is written, and nothing of it needed a test.
        case written
        /// It is tested and written.
        case tested(Added, ProbeReport)
        /// It would keep a connection that is accepted from collecting, so that nothing was written.
        case refused(ProbeReport)
    }

    private let onboarding: Onboarding

    /// Changes connections in the home that `onboarding` sets up in.
    package init(_ onboarding: Onboarding) { self.onboarding = onboarding }

    /// Works out what `changes` come to for `connection`.
    ///
    /// Throws ``AnswersRefused`` for values that do not fit, ``ReconfigureRefused`` for what cannot change.
    package func plan(_ changes: ConnectionChanges, of connection: Connection) async throws -> Plan {
        if let end = changes.secretExpires, end <= onboarding.time.now {
            throw SettingRefused(
                "secretExpires is \(end.day), which is over: give the day on which the secret in use ends"
            )
        }
        let registry = try await Registry(onboarding.ledger)
        return try Self.plan(changes, of: connection, registry, onboarding.shelf, onboarding.fallbacks)
    }

    /// The same by what `registry` says, for those who look at many.
    static func plan(
        _ changes: ConnectionChanges,
        of connection: Connection,
        _ registry: Registry,
        _ shelf: Shelf,
        _ fallbacks: [String: String]
    ) throws -> Plan {
        let registration = registry.registrations.first { $0.id == connection.registration }
        let answers = try changes.answers(of: connection, registration)
        let form = try FilledForm(
            answers,
            definition: try shelf.usable(for: connection),
            clouds: shelf.clouds,
            fallbacks: fallbacks
        )
        let before = connection.credentials.objectValue ?? [:]
        if form.identity != connection.identity {
            let names = form.definition.identity.filter { form.values[$0] != before[$0]?.stringValue }
            let name = names.first ?? "the identity"
            throw ReconfigureRefused(
                name,
                form.values[name] ?? (names.isEmpty ? form.identity : "nothing"),
                before[name]?.stringValue ?? connection.identity,
                connection.key
            )
        }
        if let registration, form.clientKey != registration.clientKey {
            throw ReconfigureRefused("clientKey", form.clientKey, registration.clientKey, connection.key)
        }
        var found = names(changes, connection, registry)
        found += SetupDifference.between(before, form.kept.objectValue ?? [:], at: "credentials")
        let (old, new) = (connection.streams.map(\.stream), form.streams)
        if Set(old) != Set(new) {
            found.append(
                SetupDifference("streams", .array(old.map { .string($0) }), .array(new.map { .string($0) }))
            )
        }
        for stream in new {
            let known = connection.streams.first { $0.stream == stream }?.select ?? .null
            let wanted = form.select[stream] ?? .null
            if known != wanted { found.append(SetupDifference("select." + stream, known, wanted)) }
        }
        let noChanges = changes.noChanges ?? connection.noChanges
        if noChanges != connection.noChanges {
            found.append(SetupDifference("noChanges", .bool(connection.noChanges), .bool(noChanges)))
        }
        let expiry = registration?.current?.expiresAt
        if let wanted = changes.secretExpires, wanted != expiry,
            registration?.current?.expirySource != .verified
        {
            let known = expiry.map { Value.string($0.description) } ?? .null
            found.append(SetupDifference("secretExpires", known, .string(wanted.description)))
        }
        return Plan(connection: connection, differences: found, answers: answers, noChanges: noChanges)
    }

    private static func names(_ changes: ConnectionChanges, _ connection: Connection, _ registry: Registry)
        -> [SetupDifference]
    {
        var found: [SetupDifference] = []
        if let name = changes.displayName, name != connection.name {
            found.append(SetupDifference("displayName", .string(connection.name), .string(name)))
        }
        let customer = registry.customers.first { $0.id == connection.key.customer }
        if let name = changes.customerName, name != customer?.name {
            let known = customer.map { Value.string($0.name) } ?? .null
            found.append(SetupDifference("customerName", known, .string(name)))
        }
        return found
    }

    /// Does what was planned: what is asked otherwise is tested first, and written only where something still collects.
    package func carryOut(
        _ plan: Plan,
        progress: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws -> Result {
        guard !plan.differences.isEmpty else { return .unchanged }
        guard plan.needsTest else {
            try await writeNames(plan)
            return .written
        }
        let prepared = try await onboarding.prepare(plan.answers, nil)
        let report = try await Prober.run(ProbeSubject(prepared), progress: progress)
        let trial = Trial(report)
        let stopped = trial.streams.count { prepared.form.streams.contains($0.key) && $0.value.confirmed }
        let isVain = trial.connection != nil || stopped == prepared.form.streams.count
        if plan.asksOtherwise, isVain, !plan.connection.isDraft { return .refused(report) }
        return .tested(try await onboarding.settle(prepared, trial, noChanges: plan.noChanges), report)
    }

    /// Writes what no request is made of.
    private func writeNames(_ plan: Plan) async throws {
        guard var connection = try await onboarding.ledger.connection(plan.connection.key) else {
            throw StoreFailure.missing("connection \(plan.connection.key)")
        }
        connection.name = plan.answers.displayName ?? connection.name
        connection.noChanges = plan.noChanges
        var changes: [LedgerChange] = [.connection(connection)]
        let customers = try await onboarding.ledger.customers()
        if let name = plan.answers.customerName,
            var customer = customers.first(where: { $0.id == connection.key.customer })
        {
            customer.name = name
            changes.append(.customer(customer))
        }
        try await onboarding.ledger.write(changes)
    }
}
