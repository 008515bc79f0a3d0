// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Status

extension StatusText {
    private static let column = 9

    /// A connection: its state and words, its cause and remedy, then the streams that say something of their own.
    func block(_ connection: ConnectionLine, of customer: CustomerLine) -> [String] {
        let line = connection.headline
        let indent = String(repeating: " ", count: 2 + Self.column)
        let streams = connection.streams.sorted {
            Rank.isWorse($0.state, $1.state, $0.id, $1.id)
        }
        var title = connection.id + (connection.name == connection.id ? "" : "  " + connection.name)
        if let partial = line.partial {
            title += "  \(partial.collecting) of \(partial.of) streams collecting"
        }
        let tenant = connection.tenant.map { "  " + $0 } ?? ""
        if title.count + tenant.count + indent.count <= style.width { title += tenant }
        var lines = style.wrapped(title, indent: indent, hanging: "  ")
        lines[0] = "  " + badge(line.state) + lines[0].dropFirst(indent.count)
        let leader = streams.first { $0.state == line.state }
        if let leader {
            lines += style.wrapped(sentence(leader, connection), indent: indent)
        } else if line.state == .draft {
            lines.append(indent + "set-up unfinished")
        }
        if let cause = line.cause, cause.faultClass != .host {
            lines += style.wrapped(phrases.cause(cause, nextTry: leader?.facts.nextTry), indent: indent)
            lines += remedyLines(cause, indent: indent)
        }
        for ack in connection.acks {
            lines += style.wrapped(phrases.letStand(ack), indent: indent, hanging: "  ")
        }
        lines += credentialLines(connection, indent: indent)
        let path = customer.id + "/" + connection.id
        let shown = streams.filter { style.showsAll || saysMore($0, than: connection, leader: leader) }
        for group in groups(shown, path: path, headline: line) {
            lines += block(group, of: streams.count, headline: line)
        }
        return lines
    }

    /// Streams of which the same is to be said.
    private struct Group {
        var ids: [String]
        let words: String
        let stream: StreamLine
    }

    /// The title of a remedy, its steps, and who can do them where.
    func remedyLines(_ cause: Cause, indent: String) -> [String] {
        cause.remedy.map { RemedyText.lines($0, style: style, indent: indent) } ?? []
    }

    private func sentence(_ leader: StreamLine, _ connection: ConnectionLine) -> String {
        // The connection is as far as the stream that is furthest behind.
        var slowest = leader
        if let mark = connection.streams.compactMap(\.assessment.caughtUpTo).min(), leader.state == .active {
            slowest.assessment.caughtUpTo = mark
            slowest.assessment.lag = connection.streams.compactMap(\.assessment.lag).max()
            slowest.situation.facts.lastRecordEvent =
                connection.streams.compactMap(\.facts.lastRecordEvent).max() ?? leader.facts.lastRecordEvent
        }
        return ([phrases.state(of: slowest)] + [phrases.loss(leader)].compactMap { $0 }).joined(
            separator: " - "
        )
    }

    /// Whether the stream's own line would say what its connection's does not.
    private func saysMore(_ stream: StreamLine, than connection: ConnectionLine, leader: StreamLine?) -> Bool
    {
        let line = connection.headline
        if stream.state != line.state { return true }
        if !phrases.remarks(stream).isEmpty { return true }
        if stream.state == .active { return false }
        return connection.streams.count > 1 && stream.state != .draft && stream.state != .unknown
    }

    private func groups(_ streams: [StreamLine], path: String, headline: Headline) -> [Group] {
        var groups: [Group] = []
        for stream in streams {
            let words = words(stream, path: path, headline: headline)
            let place = groups.firstIndex {
                $0.stream.state == stream.state && $0.words == words
                    && isSame($0.stream.assessment.cause, stream.assessment.cause)
            }
            if let place {
                groups[place].ids.append(stream.id)
            } else {
                groups.append(Group(ids: [stream.id], words: words, stream: stream))
            }
        }
        return groups
    }

    private func words(_ stream: StreamLine, path: String, headline: Headline) -> String {
        let isKnown =
            headline.cause != nil && isSame(stream.assessment.cause, headline.cause)
            && stream.state == headline.state
        let state =
            isKnown
            ? phrases.caughtUp(stream.assessment) ?? "nothing collected yet" : phrases.state(of: stream)
        let parts = [state, phrases.loss(stream)].compactMap { $0 } + phrases.remarks(stream)
        let ack = stream.state == .quiet ? ["headgate ack \(path)/\(stream.id)"] : []
        return (parts + ack).joined(separator: " - ")
    }

    private func block(_ group: Group, of count: Int, headline: Headline) -> [String] {
        let indent = String(repeating: " ", count: 4 + Self.column)
        let isAll = group.ids.count == count && count > 1
        let names = isAll ? "all \(count) streams" : group.ids.joined(separator: ", ")
        var lines = style.wrapped("\(names)  \(group.words)", indent: indent, hanging: "  ")
        lines[0] = "    " + badge(group.stream.state) + lines[0].dropFirst(indent.count)
        guard let cause = group.stream.assessment.cause, cause.faultClass != .host,
            !isSame(cause, headline.cause)
        else { return lines }
        lines += style.wrapped(
            phrases.cause(cause, nextTry: group.stream.facts.nextTry),
            indent: indent + "  "
        )
        lines += remedyLines(cause, indent: indent + "  ")
        return lines
    }

    /// Whether a person has read this cause a few lines above.
    private func isSame(_ cause: Cause?, _ other: Cause?) -> Bool {
        guard let cause, let other else { return cause == nil && other == nil }
        return cause.faultClass == other.faultClass && cause.code == other.code
            && cause.message == other.message
    }

    private func credentialLines(_ connection: ConnectionLine, indent: String) -> [String] {
        guard let words = connection.credential.flatMap(phrases.credential) else { return [] }
        return style.wrapped("warning: \(words)", indent: indent, hanging: "  ")
    }

    /// The state's word in its column; the bad ones in capitals, so that colour is never needed.
    private func badge(_ state: StreamState) -> String {
        let isBad = state == .blocked || state == .failing || state == .unknown
        let text = isBad ? state.rawValue.uppercased() : state.rawValue
        let padded = text + String(repeating: " ", count: max(1, Self.column - text.count))
        switch state {
        case .blocked, .failing, .unknown: return word(padded, .bad)
        case .late, .quiet, .pending, .draft: return word(padded, .middling)
        case .active: return word(padded, .good)
        case .paused, .excluded: return word(padded, .faint)
        }
    }
}
