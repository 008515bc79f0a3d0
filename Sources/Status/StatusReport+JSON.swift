// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
package import JSON

extension StatusReport {
    /// The report as `status --json` prints it: what is not set is null and never absent, durations are seconds.
    package var json: Value {
        members(
            ("schema", .int(Int64(Self.schema))),
            ("evaluatedAt", .time(evaluatedAt)),
            (
                "host",
                members(
                    ("version", .string(host.version)),
                    ("mode", .string(host.mode.rawValue)),
                    ("lastTick", .time(host.lastTick)),
                    ("endedAt", .time(host.endedAt)),
                    ("cause", host.cause?.json ?? .null)
                )
            ),
            ("customers", .array(customers.map(\.json)))
        )
    }
}

extension CustomerLine {
    /// The customer as `status --json` prints it.
    package var json: Value {
        members(
            ("id", .string(id)),
            ("name", .string(name)),
            ("state", .string(state.rawValue)),
            ("connections", .array(connections.map(\.json)))
        )
    }
}

extension ConnectionLine {
    /// The connection as `status --json` prints it.
    package var json: Value {
        members(
            ("id", .string(id)),
            ("name", .string(name)),
            ("connector", .string(connector)),
            ("tenant", .text(tenant)),
            ("state", .string(headline.state.rawValue)),
            ("since", .time(headline.since)),
            (
                "partial",
                headline.partial.map {
                    members(("collecting", .int(Int64($0.collecting))), ("of", .int(Int64($0.of))))
                } ?? .null
            ),
            ("cause", headline.cause?.json ?? .null),
            ("credential", credential?.json ?? .null),
            ("acks", .array(acks.map(\.json))),
            ("streams", .array(streams.map(\.json)))
        )
    }
}

extension Ack {
    /// What a person lets stand, as `status --json` prints it.
    package var json: Value {
        members(
            ("issue", .string(issue)),
            ("by", .string(by)),
            ("reason", .string(reason)),
            ("at", .time(at)),
            ("until", .time(until))
        )
    }
}

extension CredentialLine {
    /// The credential as `status --json` prints it.
    package var json: Value {
        members(
            ("kind", .string(kind)),
            ("expiresAt", .time(expiresAt)),
            ("source", .string(source.rawValue)),
            ("warning", warning?.json ?? .null)
        )
    }
}

extension ExpiryWarning {
    /// The warning as `status --json` prints it.
    package var json: Value {
        members(
            ("within", .int(within.wholeSeconds)),
            ("left", .int(left.wholeSeconds)),
            ("ended", .bool(hasEnded)),
            ("where", .text(place)),
            ("next", .string(next))
        )
    }
}

extension StreamLine {
    /// The stream as `status --json` prints it.
    package var json: Value {
        members(
            ("id", .string(id)),
            ("state", .string(assessment.state.rawValue)),
            ("since", .time(assessment.since)),
            ("caughtUpTo", .time(assessment.caughtUpTo)),
            ("lag", assessment.lag.map { .int($0.wholeSeconds) } ?? .null),
            ("coveredFrom", .time(facts.storedFrom)),
            ("keptSince", .time(facts.keptSince)),
            ("lossAt", .time(assessment.lossAt)),
            ("losingSince", .time(assessment.losingSince)),
            ("lastSuccess", .time(facts.lastSuccess)),
            ("lastRecordEvent", .time(facts.lastRecordEvent)),
            ("lastRecordStored", .time(facts.lastRecordStored)),
            ("records24h", .int(Int64(records24h))),
            ("itemsPending", .int(Int64(situation.itemsPending))),
            ("gapsOpen", .int(Int64(situation.gapsOpen))),
            ("firstDataBy", .time(assessment.firstDataBy)),
            ("nextTry", .time(facts.nextTry)),
            (
                "history",
                facts.historyFrom.map {
                    members(("from", .time($0)), ("doneTo", .time(facts.historyDoneTo)))
                } ?? .null
            ),
            (
                "selected",
                selected.map {
                    members(
                        ("words", .string($0.words)),
                        ("dropped24h", .int(Int64($0.dropped24h))),
                        ("redacted24h", .int(Int64($0.redacted24h)))
                    )
                } ?? .null
            ),
            ("cause", assessment.cause?.json ?? .null)
        )
    }
}
