// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Status
import Store

/// One thing that a check tells of: a connection by its worst stream, or a single stream.
struct CheckSubject {
    let path: String
    let level: AlertLevel
    let state: StreamState
    /// The streams it is about, the one to tell of first.
    let streams: [StreamLine]
    let credential: CredentialLine?
    private let cause: Cause?
    private let partial: Headline.Partial?

    /// `acme/o365 blocked: needs you since 09:10 - caught up to 09:08 (2 h ago) - the secret has ended`.
    func words(_ phrases: Phrases) -> String {
        let what = streams.first.map { phrases.state(of: $0) } ?? "set-up unfinished"
        let loss = streams.first.flatMap { phrases.loss($0) }
        let why = cause.map { phrases.cause($0, nextTry: nil) }
        let fix = cause?.remedy.map { "fix: \($0.title)" }
        let part = partial.map { " (\($0.collecting) of \($0.of) streams collecting)" } ?? ""
        return ([what, loss, why, fix] as [String?]).compactMap { $0 }
            .reduce(into: "\(path) \(state.rawValue)\(part)") {
                $0 += ($0.contains(": ") ? " - " : ": ") + $1
            }
    }

    /// What `report` holds of `scope`; drafts only where they were asked for by name.
    static func all(of report: StatusReport, _ scope: GapScope, _ policy: AlertPolicy) -> [CheckSubject] {
        let now = report.evaluatedAt
        return report.customers.flatMap { customer in
            customer.connections.flatMap { connection -> [CheckSubject] in
                let key = ConnectionKey(customer: customer.id, connection: connection.id)
                switch scope {
                case .customer(let id) where id != customer.id: return []
                case .connection(let other) where other != key: return []
                case .stream(let stream):
                    guard stream.connectionKey == key else { return [] }
                    return connection.streams.filter { $0.id == stream.stream }
                        .map { CheckSubject($0, path: "\(key)/\($0.id)", connection, policy, now) }
                case .connection:
                    return [CheckSubject(connection, path: "\(key)", isNamed: true, policy, now)]
                case .all, .customer:
                    guard connection.headline.state != .draft else { return [] }
                    return [CheckSubject(connection, path: "\(key)", isNamed: false, policy, now)]
                }
            }
        }
    }

    private init(
        _ stream: StreamLine,
        path: String,
        _ connection: ConnectionLine,
        _ policy: AlertPolicy,
        _ now: Timestamp
    ) {
        self.path = path
        level = stream.state == .draft ? .unknown : policy.level(of: stream, now: now)
        state = stream.state
        streams = [stream]
        credential = connection.credential
        cause = stream.assessment.cause
        partial = nil
    }

    private init(
        _ connection: ConnectionLine,
        path: String,
        isNamed: Bool,
        _ policy: AlertPolicy,
        _ now: Timestamp
    ) {
        self.path = path
        let isDraft = connection.headline.state == .draft
        let levels = connection.streams.map { policy.level(of: $0, now: now) }
        let worst = AlertLevel.worst(levels)
        level = isDraft && isNamed ? .unknown : worst
        let ranked = zip(connection.streams, levels).sorted { one, other in
            if one.1 != other.1, one.1 == worst || other.1 == worst { return one.1 == worst }
            return Rank.isWorse(one.0.state, other.0.state, one.0.id, other.0.id)
        }
        streams = ranked.map(\.0)
        // Where all is well the connection speaks; where it is not, the stream that made it so.
        state = worst == .ok ? connection.headline.state : streams.first?.state ?? connection.headline.state
        credential = connection.credential
        cause = worst == .ok && !isDraft ? nil : streams.first?.assessment.cause ?? connection.headline.cause
        partial = connection.headline.partial
    }
}
