// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Host
import Status
import Store

/// The issues as this process sees them, at one instant.
enum IssueView {
    static func list(_ invocation: Invocation, desk: Desk?, closedToo: Bool = false) async throws -> IssueList
    {
        let report = try await StatusView.report(invocation, now: SystemTime().now)
        return IssueList(
            report,
            watches: try await desk?.ledger.issues(.all, openOnly: !closedToo) ?? [],
            acks: try await desk?.ledger.acks() ?? []
        )
    }

    /// The issue that a person names by its id, or what to do instead.
    static func named(_ word: String, among list: IssueList) throws -> RaisedIssue {
        guard let issue = list.named(word) else {
            throw Stop(
                .usage,
                "There is no issue \(word)"
                    + (word.count < 4 ? " (give at least four of its characters)" : "")
                    + ": headgate issues lists them. One that is over is not listed any more."
            )
        }
        return issue
    }
}

extension RaisedIssue {
    /// The connection, with the one stream it is about.
    var place: String {
        guard let connection else { return "this machine" }
        guard others.isEmpty else {
            return "\(connection) and \(others.count) more of the same app"
        }
        switch streams.count {
        case 0: return connection.description
        case 1: return "\(connection)/\(streams[0])"
        default: return "\(connection) (\(streams.count) streams)"
        }
    }

    /// What its remedy says to run; a draft that was put right is to be taken up, which a test alone does not do.
    private var step: String? {
        guard let next = cause.remedy?.next, !next.isEmpty else { return nil }
        return origin == .draft && next.hasPrefix("headgate test ") ? nil : next
    }

    /// What a person runs first.
    var next: String {
        switch fix {
        case .auto: "headgate repair \(id)"
        case .guided, .outside:
            step ?? "headgate repair \(connection.map { "\($0)" } ?? id)"
        }
    }
}
