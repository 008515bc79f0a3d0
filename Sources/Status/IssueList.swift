// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors

/// Everything that a person should do, made of the status and of what stored records said; a pure value.
package struct IssueList: Sendable, Equatable {
    /// The gravest first, then the oldest.
    package let issues: [RaisedIssue]

    /// Gathers them: one issue for one cause, on however many streams of a connection it is.
    ///
    /// `watches` are what stored records said, closed ones as well where they are wanted.
    package init(_ report: StatusReport, watches: [Issue], acks: [Ack]) {
        var found = report.host.cause.map { [Self.host($0)] } ?? []
        for customer in report.customers {
            for line in customer.connections {
                let key = ConnectionKey(customer: customer.id, connection: line.id)
                found += Self.issues(of: line, key, watches, now: report.evaluatedAt)
            }
        }
        found = Self.gathered(found) + watches.map(Self.watch)
        let ignored = Dictionary(acks.map { ($0.issue, $0) }) { $1 }
        for index in found.indices {
            guard let ack = ignored[found[index].id], ack.until > report.evaluatedAt,
                // What came again after it was let stand is another matter.
                found[index].cause.since <= ack.at || !found[index].recurs
            else { continue }
            found[index].ignored = ack
        }
        issues = found.sorted { left, right in
            (left.severity.rank, left.cause.since, left.id) < (
                right.severity.rank, right.cause.since, right.id
            )
        }
    }

    /// The issues of a customer, of one of its connections or streams; without a customer, all of them.
    package func of(customer: String?, connection: String?, stream: String?) -> [RaisedIssue] {
        guard let customer else { return issues }
        return issues.filter { issue in
            let keys = issue.connections.filter { $0.customer == customer }
            guard let connection else { return !keys.isEmpty }
            guard let key = keys.first(where: { $0.connection == connection }) else { return false }
            guard let stream, key == issue.connection else { return true }
            return issue.streams.isEmpty || issue.streams.contains(stream)
        }
    }

    /// The issue that a person means by its id or the beginning of it; `nil` where it is none or not one alone.
    package func named(_ word: String) -> RaisedIssue? {
        let meant = issues.filter { $0.id.hasPrefix(word.lowercased()) }
        guard word.count >= 4, meant.count == 1 else { return nil }
        return meant[0]
    }

    /// One issue where the same thing is wrong with the app of several connections.
    private static func gathered(_ issues: [RaisedIssue]) -> [RaisedIssue] {
        var places: [String: Int] = [:]
        return issues.reduce(into: []) { gathered, issue in
            guard let place = places[issue.id] else {
                places[issue.id] = gathered.count
                return gathered.append(issue)
            }
            gathered[place].others += issue.connections
            gathered[place].cause.since = min(gathered[place].cause.since, issue.cause.since)
        }
    }

    private static func host(_ cause: Cause) -> RaisedIssue {
        RaisedIssue(
            key: [cause.code ?? cause.message],
            origin: .host,
            connection: nil,
            severity: .critical,
            cause: cause
        )
    }

    private static func watch(_ issue: Issue) -> RaisedIssue {
        RaisedIssue(
            key: [issue.stream.stream, issue.watch, issue.id.map { String($0) } ?? ""],
            origin: .watch,
            connection: issue.stream.connectionKey,
            streams: [issue.stream.stream],
            watch: issue.watch,
            severity: issue.severity == .security ? .security : .warning,
            cause: issue.cause,
            seen: issue.seen,
            closed: issue.closed
        )
    }

    private static func issues(
        of line: ConnectionLine,
        _ key: ConnectionKey,
        _ watches: [Issue],
        now: Timestamp
    ) -> [RaisedIssue] {
        var found: [RaisedIssue] = []
        if line.headline.state == .draft {
            let cause =
                line.headline.cause
                ?? Cause(faultClass: .config, message: "the set-up is unfinished", since: now)
            found.append(
                RaisedIssue(key: [], origin: .draft, connection: key, severity: .warning, cause: cause)
            )
        } else {
            found += causes(of: line, key, watches)
        }
        if let credential = line.credential, let warning = credential.warning,
            let end = credential.expiresAt
        {
            found.append(expiry(credential, warning, end, key))
        }
        return found
    }

    /// One issue for one cause on many streams.
    private static func causes(of line: ConnectionLine, _ key: ConnectionKey, _ watches: [Issue])
        -> [RaisedIssue]
    {
        var order: [[String]] = []
        var groups: [[String]: [(stream: String, cause: Cause)]] = [:]
        for stream in line.streams where stream.state == .blocked || stream.state == .failing {
            guard let cause = stream.assessment.cause, cause.faultClass != .host else { continue }
            // What a record said stands as its own issue already.
            let isTold = watches.contains { watch in
                watch.isOpen && watch.stream == stream.situation.key
                    && watch.cause.faultClass == cause.faultClass && watch.cause.message == cause.message
            }
            guard !isTold else { continue }
            // A test and a cycle are told the same by different answers; what is to be done makes it one.
            let name = [cause.faultClass.rawValue, cause.remedy?.id ?? cause.code ?? ""]
            if groups[name] == nil { order.append(name) }
            groups[name, default: []].append((stream.id, cause))
        }
        return order.compactMap { name in
            let members = groups[name] ?? []
            guard var cause = members.first?.cause else { return nil }
            cause.since = members.map(\.cause.since).min() ?? cause.since
            let others = members.map(\.cause.message).filter { $0 != cause.message }
            if !others.isEmpty {
                cause.message = ([cause.message] + Set(others).sorted()).map(\.withoutFullStop).joined(
                    separator: "; "
                )
            }
            return RaisedIssue(
                key: name,
                origin: .cause,
                connection: key,
                registration: cause.faultClass == .auth ? line.credential?.registration : nil,
                streams: members.map(\.stream).sorted(),
                severity: .critical,
                cause: cause
            )
        }
    }

    private static func expiry(
        _ credential: CredentialLine,
        _ warning: ExpiryWarning,
        _ end: Timestamp,
        _ key: ConnectionKey
    ) -> RaisedIssue {
        let source = credential.source == .declared ? ", as declared" : ""
        let words =
            warning.hasEnded
            ? "the \(credential.kind) ended on \(end.day)\(source)"
            : "the \(credential.kind) ends on \(end.day)\(source)"
        return RaisedIssue(
            key: [end.description, warning.hasEnded ? "ended" : "ending"],
            origin: .expiry,
            connection: key,
            registration: credential.registration,
            severity: warning.hasEnded ? .critical : .warning,
            cause: Cause(
                faultClass: .auth,
                code: "expiring",
                message: words,
                since: max(end - warning.within, credential.added ?? end - warning.within),
                remedy: warning.remedy(kind: credential.kind)
            )
        )
    }
}

extension RaisedIssue {
    /// Whether it may be over and come again; the others move their time while they stand.
    fileprivate var recurs: Bool { origin != .draft && origin != .expiry }
}

extension String {
    fileprivate var withoutFullStop: String { hasSuffix(".") ? String(dropLast()) : self }
}

extension RaisedIssue.Severity {
    fileprivate var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
