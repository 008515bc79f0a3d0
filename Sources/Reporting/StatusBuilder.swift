// SPDX-License-Identifier: Apache-2.0
package import Basics
package import Connectors
package import Status
package import Store

/// Makes the one status value of what the ledger holds and the definitions say.
package struct StatusBuilder: Sendable {
    private let definitions: [String: Definition]
    private let version: String
    private let refusal: @Sendable (Connection) -> ConnectorFailure?

    /// A builder over the definitions that loaded, by id; `version` is Headgate's own, and `refusal` says why a
    /// connection's definition may not be used.
    package init(
        definitions: [String: Definition],
        version: String,
        refusal: @escaping @Sendable (Connection) -> ConnectorFailure? = { _ in nil }
    ) {
        self.definitions = definitions
        self.refusal = refusal
        self.version = version
    }

    /// The status at `now`; with `overlay` the states the host stored are kept unless something worse is seen.
    package func report(_ picture: Picture, now: Timestamp, overlay: Bool = true) -> StatusReport {
        let evaluator = Evaluator(host: picture.tick ?? HostFacts(version: version), now: now)
        let gaps = Dictionary(grouping: picture.gaps, by: \.stream)
        let byCustomer = Dictionary(grouping: picture.connections, by: \.key.customer)
        let customers = picture.customers.map { customer in
            let connections = (byCustomer[customer.id] ?? []).sorted { $0.key < $1.key }.map { connection in
                line(connection, picture, gaps, evaluator, overlay: overlay)
            }
            let state = Headline(connections: connections.map(\.headline)).state
            return CustomerLine(id: customer.id, name: customer.name, state: state, connections: connections)
        }
        return letStand(
            StatusReport(
                evaluatedAt: now,
                host: evaluator.host,
                customers: customers.sorted { $0.id < $1.id }
            ),
            picture
        )
    }

    /// The report with what people let stand of it, each at the connections it is about.
    private func letStand(_ report: StatusReport, _ picture: Picture) -> StatusReport {
        guard !picture.acks.isEmpty else { return report }
        var report = report
        for issue in IssueList(report, watches: picture.watches, acks: picture.acks).issues {
            guard let ack = issue.ignored else { continue }
            for key in issue.connections {
                guard let customer = report.customers.firstIndex(where: { $0.id == key.customer }),
                    let connection = report.customers[customer].connections.firstIndex(where: {
                        $0.id == key.connection
                    })
                else { continue }
                report.customers[customer].connections[connection].acks.append(ack)
            }
        }
        return report
    }

    /// The status where the ledger cannot be read at all.
    package func unreadable(_ failure: StoreFailure, now: Timestamp) -> StatusReport {
        let code = failure.isDiskFull ? "disk-full" : nil
        let cause = Cause(faultClass: .host, code: code, message: failure.description, since: now)
        let host = HostFacts(version: version, cause: cause, ledgerIsReadable: false)
        return StatusReport(evaluatedAt: now, host: host, customers: [])
    }

    private func line(
        _ connection: Connection,
        _ picture: Picture,
        _ gaps: [StreamKey: [Gap]],
        _ evaluator: Evaluator,
        overlay: Bool
    ) -> ConnectionLine {
        let definition = definitions[connection.connector]
        let streams = connection.streams.map { choice -> StreamLine in
            let key = StreamKey(
                customer: connection.key.customer,
                connection: connection.key.connection,
                stream: choice.stream
            )
            let plans = definition.map { connection.proven($0, now: evaluator.now) } ?? []
            let situation = situation(key, choice, connection, definition, plans, picture, gaps[key] ?? [])
            var assessment = evaluator.evaluate(situation)
            if overlay, let stored = picture.states[key] {
                assessment = Transitions.overlay(stored, assessment)
            }
            return StreamLine(
                id: choice.stream,
                title: definition?.stream(choice.stream)?.title,
                situation: situation,
                assessment: assessment,
                records24h: situation.facts.records24h(now: evaluator.now),
                selected: selected(choice, situation.facts, evaluator.now)
            )
        }
        var headline = Headline(streams: streams.map(\.assessment))
        if streams.isEmpty {
            headline = Headline(streams: [Assessment(state: .draft, cause: connection.draftCause)])
        }
        return ConnectionLine(
            id: connection.key.connection,
            name: connection.name,
            connector: connection.connector,
            tenant: connection.tenant.isEmpty ? nil : connection.tenant,
            headline: headline,
            credential: credential(
                connection,
                definition,
                picture,
                isRefused: headline.cause.map { $0.faultClass == .auth && $0.blocks } ?? false,
                now: evaluator.now
            ),
            streams: streams.sorted { $0.id < $1.id }
        )
    }

    private func selected(_ choice: StreamChoice, _ facts: StreamFacts, _ now: Timestamp) -> SelectedLine? {
        guard let select = choice.select else { return nil }
        return SelectedLine(
            words: RecordSelection.read(select).selection?.words ?? "a choice that cannot be read",
            dropped24h: facts.dropped24h(now: now),
            redacted24h: facts.redacted24h(now: now)
        )
    }

    private func situation(
        _ key: StreamKey,
        _ choice: StreamChoice,
        _ connection: Connection,
        _ definition: Definition?,
        _ plans: Set<String>,
        _ picture: Picture,
        _ gaps: [Gap]
    ) -> StreamSituation {
        var facts = picture.facts[key] ?? StreamFacts()
        facts.acceptedAt = connection.isDraft ? nil : facts.acceptedAt ?? connection.acceptedAt
        if connection.isDraft { facts.cause = connection.draftCause ?? facts.cause }
        let stream = definition?.stream(choice.stream)
        if !connection.isDraft, let refused = refusal(connection) {
            let since = facts.lastSuccess ?? facts.acceptedAt ?? connection.created
            facts.cause = Cause(refused: refused, since: since)
        } else if stream == nil, !connection.isDraft {
            facts.cause = notDefined(connection, choice, definition, facts)
        }
        return StreamSituation(
            key: key,
            facts: facts,
            thresholds: stream.map { Thresholds($0, plans: plans) } ?? Thresholds(),
            hold: choice.hold,
            watermark: picture.watermarks[key] ?? facts.watermark,
            itemsPending: gaps.filter { $0.kind == .item }.count,
            gapsOpen: gaps.count
        )
    }

    /// A connection whose definition is gone is listed as blocked, never missing.
    private func notDefined(
        _ connection: Connection,
        _ choice: StreamChoice,
        _ definition: Definition?,
        _ facts: StreamFacts
    ) -> Cause {
        let retired =
            definition.map { $0.retirement(ofStream: choice.stream) }
            ?? definitions.values.lazy.compactMap { $0.retirement(ofConnector: connection.connector) }.first
        let what =
            retired
            ?? (definition != nil
                ? "the connector \(connection.connector) has no stream \(choice.stream) any more"
                : "the connector \(connection.connector) could not be loaded")
        let since = facts.lastSuccess ?? facts.acceptedAt ?? connection.created
        return Cause(faultClass: .config, message: what, since: since)
    }

    private func credential(
        _ connection: Connection,
        _ definition: Definition?,
        _ picture: Picture,
        isRefused: Bool,
        now: Timestamp
    ) -> CredentialLine? {
        guard let id = connection.registration,
            let current = picture.registrations.first(where: { $0.id == id })?.current
        else { return nil }
        let source: CredentialLine.Origin =
            switch current.expirySource {
            case .declared: .declared
            case .verified: .verified
            case .unknown: .unknown
            }
        let warning = ExpiryWarning(
            end: current.expiresAt,
            warnBefore: definition?.warnBefore ?? ExpiryWarning.usual,
            place: definition?.credentials.first { $0.kind.rawValue == current.kind.rawValue }?.where,
            next: "headgate rotate \(connection.key)",
            now: now
        )
        return CredentialLine(
            kind: current.kind.rawValue,
            registration: id,
            expiresAt: current.expiresAt,
            added: current.added,
            source: source,
            // Of one that is refused already, an end still to come is nothing to warn of.
            warning: isRefused && warning?.hasEnded == false ? nil : warning
        )
    }
}
