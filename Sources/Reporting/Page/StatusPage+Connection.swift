// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Status

extension StatusPage {
    /// The most events that are told of a stream; the page says how many more there are.
    private static let most = 40

    /// A connection: how it stands and why, what to do, and each of its streams with its days.
    func block(_ connection: ConnectionLine, of customer: CustomerLine) -> Markup {
        let line = connection.headline
        let streams = connection.streams.sorted { Rank.isWorse($0.state, $1.state, $0.id, $1.id) }
        let leader = streams.first { $0.state == line.state }
        let look = Self.look(line.state)
        let frame = look == "bad" || look == "late" ? look : ""
        let name = connection.name == connection.id ? "" : " " + connection.name
        let part = line.partial.map { "\($0.collecting) of \($0.of) streams collecting" }
        let facts = [connection.connector, connection.tenant.map { "tenant \($0)" }, part]
        let cause = line.cause.flatMap { cause -> Markup? in
            guard cause.faultClass != .host else { return nil }
            return "<p>\(phrases.cause(cause, nextTry: leader?.facts.nextTry))</p>"
        }
        let warning = connection.credential.flatMap(phrases.credential).map { words -> Markup in
            "<p><span class=\"state late\">\u{25B2} warning</span> \(words)</p>"
        }
        let acks = connection.acks.map { "<p class=\"faint\">\(phrases.letStand($0))</p>" as Markup }
        return """
            <section class="\(frame)">
            <h3>\(Self.word(line.state)) \(connection.id)\(name)</h3>
            <p class="faint">\(facts.compactMap(\.self).joined(separator: ", "))</p>
            \(cause)\(remedy(line.cause?.faultClass == .host ? nil : line.cause))\(acks)\(warning)
            \(streams.isEmpty ? "<p>Set-up unfinished.</p>" : table(streams, connection, customer))
            </section>
            """
    }

    private func table(_ streams: [StreamLine], _ connection: ConnectionLine, _ customer: CustomerLine)
        -> Markup
    {
        let rows = streams.map {
            row($0, headline: connection.headline, of: customer.id + "/" + connection.id)
        }
        return """
            <div class="streams"><table>
            <tr><th>Stream</th><th>State</th><th>How far</th><th>24 h</th><th>\(DayBar.count) days</th></tr>
            \(rows)
            </table></div>
            \(events(streams))
            """
    }

    private func row(_ stream: StreamLine, headline: Headline, of path: String) -> Markup {
        let bar = bar(stream)
        let words =
            [phrases.state(of: stream), phrases.loss(stream)].compactMap(\.self) + phrases.remarks(stream)
        let own = stream.assessment.cause.flatMap { cause -> Markup? in
            // What is said of the whole connection stands above.
            guard cause.faultClass != .host, cause.message != headline.cause?.message else { return nil }
            return "<br>\(phrases.cause(cause, nextTry: stream.facts.nextTry))\(remedy(cause))"
        }
        let ack: Markup? =
            stream.state == .quiet ? "<br><code>headgate ack \(path)/\(stream.id)</code>" : nil
        let title = stream.title.flatMap { $0 == stream.id ? nil : $0 }.map { title -> Markup in
            "<br><span class=\"faint\">\(title)</span>"
        }
        let days = bar.days.map { day -> Markup in
            let state = day.state?.rawValue ?? "nothing to collect yet"
            return "<i class=\"\(day.state.map(Self.look) ?? "")\" title=\"\(day.name): \(state)\"></i>"
        }
        return """
            <tr><td>\(stream.id)\(title)</td><td>\(Self.word(stream.state))</td>\
            <td>\(words.joined(separator: " - "))\(own)\(ack)</td><td class="count">\(stream.records24h)</td>\
            <td class="bar" role="img" aria-label="\(bar.words)">\(days)</td></tr>
            """
    }

    private func bar(_ stream: StreamLine) -> DayBar {
        DayBar(
            history.changes[stream.situation.key] ?? [],
            stored: history.states[stream.situation.key],
            present: stream.assessment,
            accepted: stream.facts.acceptedAt,
            now: phrases.moment.now
        )
    }

    /// What explains the bars: each change of state and each gap, newest first.
    private func events(_ streams: [StreamLine]) -> Markup? {
        let all = streams.flatMap { stream -> [(at: Timestamp, words: String)] in
            let changes = bar(stream).changes.map { change -> (at: Timestamp, words: String) in
                let from = change.from.map { $0.rawValue + " to " } ?? ""
                let since = change.since.flatMap { $0 < change.at - .minutes(1) ? $0 : nil }
                let began = since.map { ", since \(phrases.moment.words($0))" } ?? ""
                let why = change.cause.map { ": " + $0.message } ?? ""
                return (change.at, "\(stream.id) \(from)\(change.to.rawValue)\(began)\(why)")
            }
            let gaps = (history.gaps[stream.situation.key] ?? []).map { gap in
                (at: gap.detected, words: "\(stream.id) \(words(gap))")
            }
            return changes + gaps
        }.sorted { ($1.at, $0.words) < ($0.at, $1.words) }
        guard !all.isEmpty else { return nil }
        let items = all.prefix(Self.most).map { event -> Markup in
            "<li><time datetime=\"\(event.at.description)\">\(phrases.moment.words(event.at))</time> \(event.words)</li>"
        }
        let more: Markup? =
            all.count > Self.most ? "<p class=\"faint\">and \(all.count - Self.most) earlier</p>" : nil
        return """
            <details><summary>What happened in these days: \(all.count) \(all.count == 1 ? "event" : "events")</summary>\
            <ul>\(items)</ul>\(more)</details>
            """
    }

    private func words(_ gap: Gap) -> String {
        let moment = phrases.moment
        let what =
            gap.kind == .item
            ? "one item of \(moment.words(gap.from))"
            : "\(moment.words(gap.from)) to \(moment.words(gap.to))"
        let fate =
            gap.recovered.map { "recovered \(moment.words($0))" }
            ?? (gap.lost ? "lost" : "missing, tried again")
        return "gap: \(what), \(gap.how) - \(fate)"
    }
}
