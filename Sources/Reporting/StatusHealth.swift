// SPDX-License-Identifier: Apache-2.0
import Basics
package import JSON
package import Status

/// The status as `application/health+json` says it (draft-inadarei-api-health-check-06).
///
/// `fail` covers what the check calls critical and what nobody knows: no answer is no green.
package struct StatusHealth: Sendable, Equatable {
    /// The three words of that draft.
    package enum Verdict: String, Sendable { case pass, warn, fail }

    package let verdict: Verdict
    /// The document.
    package let json: Value

    /// What `report` says, a check for each connection; nothing set up is a warning, as nothing is collected.
    package init(_ report: StatusReport, policy: AlertPolicy = .usual) {
        let now = report.evaluatedAt
        let line = CheckLine(report, policy: policy)
        let isBare = report.host.ledgerIsReadable && report.customers.isEmpty && report.host.cause == nil
        verdict = isBare ? .warn : Self.verdict(line.level)
        var checks: Object = [
            "host": .array([
                members(
                    ("componentType", "system"),
                    ("status", .string(Self.verdict(of: report.host).rawValue)),
                    ("time", .time(report.host.lastTick)),
                    ("output", .text(report.host.cause?.message))
                )
            ])
        ]
        for customer in report.customers {
            for connection in customer.connections where connection.headline.state != .draft {
                let level = policy.level(of: connection, now: now)
                let due = connection.streams.filter { $0.state != .excluded && $0.state != .paused }
                // Caught up is what the last of them is.
                let marks = due.map(\.facts.watermark)
                let caught = marks.contains(nil) ? nil : marks.compactMap(\.self).min()
                checks["\(customer.id)/\(connection.id):collection"] = .array([
                    members(
                        ("componentType", "component"),
                        ("status", .string(Self.verdict(level).rawValue)),
                        ("observedValue", .string(connection.headline.state.rawValue)),
                        ("caughtUpTo", .time(caught)),
                        ("time", .time(now)),
                        ("output", .text(connection.headline.cause?.message))
                    )
                ])
            }
        }
        json = members(
            ("status", .string(verdict.rawValue)),
            ("version", "1"),
            ("releaseId", .string(report.host.version)),
            ("output", .text(line.lines.first.map { String($0.prefix { $0 != "|" }).trimmed })),
            ("checks", .object(checks))
        )
    }

    private static func verdict(_ level: AlertLevel) -> Verdict {
        switch level {
        case .ok: .pass
        case .warning: .warn
        case .critical, .unknown: .fail
        }
    }

    private static func verdict(of host: HostFacts) -> Verdict {
        guard host.ledgerIsReadable, host.cause == nil else { return .fail }
        return host.mode == .none ? .warn : .pass
    }
}

extension String {
    fileprivate var trimmed: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
