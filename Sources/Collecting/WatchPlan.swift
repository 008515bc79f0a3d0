// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import JSON
import Source
import Status
import Store

/// The watches over one stream made ready: what its records say beyond themselves.
struct WatchPlan: Sendable {
    private struct Rule: Sendable {
        let watch: WatchRule
        let hit: EventTest
        let until: EventTest?
        let remedy: Remedy?
    }

    let columns: EventColumns
    private let rules: [Rule]

    /// Compiles the watches over a stream; `nil` where there is none.
    init?(_ session: Session, _ stream: StreamDefinition) {
        let watches = session.definition.watch.filter { $0.stream == stream.id }
        guard !watches.isEmpty else { return nil }
        let columns = EventColumns(watches.flatMap { [$0.where] + [$0.until].compactMap(\.self) })
        let words = session.bindings(
            stream.list.request.service,
            Names(["stream": stream.named])
        )
        rules = watches.map { watch in
            Rule(
                watch: watch,
                hit: EventTest(watch.where, columns),
                until: watch.until.map { EventTest($0, columns) },
                remedy: watch.remedy.flatMap { session.definition.remedy($0, in: words) }
            )
        }
        self.columns = columns
    }

    /// What the records of a split body say, as effects of the batch that stores them.
    ///
    /// A record without a time of its own counts as of `now`. `newest` is the newest time of all of them.
    func effects(
        _ body: [UInt8],
        _ split: Split,
        _ pick: RecordFields,
        stream: StreamKey,
        newest: Timestamp?,
        now: Timestamp
    ) -> [Effect] {
        rules.compactMap { rule in
            var sighting = Sighting(watch: rule.watch.id)
            for element in 0..<split.count where split.defect(element) == nil {
                let event = ScannedEvent(body, split, element, columns, after: pick.own)
                if rule.hit.holds(for: event) {
                    let at = time(of: element, body, split, pick) ?? now
                    sighting.hit = issue(rule, stream, at, before: sighting.hit)
                } else if let until = rule.until, until.holds(for: event) {
                    let at = time(of: element, body, split, pick) ?? now
                    sighting.settled = max(sighting.settled ?? at, at)
                }
            }
            if let after = rule.watch.disproved, let newest {
                sighting.settled = max(sighting.settled ?? newest - after, newest - after)
            }
            return sighting.hit == nil && sighting.settled == nil ? nil : .sighting(sighting)
        }
    }

    private func issue(_ rule: Rule, _ stream: StreamKey, _ at: Timestamp, before: Issue?) -> Issue {
        Issue(
            stream: stream,
            watch: rule.watch.id,
            severity: rule.watch.severity == .security ? .security : .warning,
            cause: Cause(
                faultClass: rule.watch.faultClass,
                code: rule.watch.id,
                message: rule.watch.say ?? rule.remedy?.cause ?? "a record says so: \(rule.watch.id)",
                since: min(before?.cause.since ?? at, at),
                remedy: rule.remedy
            ),
            seen: max(before?.seen ?? at, at)
        )
    }

    private func time(of element: Int, _ body: [UInt8], _ split: Split, _ pick: RecordFields) -> Timestamp? {
        guard let column = pick.time, let raw = split.field(column, of: element) else { return nil }
        return pick.format.instant(body[raw])
    }
}
