// SPDX-License-Identifier: Apache-2.0
import JSON

extension Rehearsal.Outcome {
    static let nothing = Self(
        steps: [:],
        records: [:],
        counts: [:],
        states: [:],
        faultClass: nil,
        remedy: nil,
        gaps: nil,
        caughtUpTo: [:],
        cursors: [:],
        requests: nil,
        waited: nil
    )

    private static let states = [
        "draft", "pending", "active", "quiet", "late", "failing", "blocked", "paused", "excluded", "unknown",
    ]
    private static let countNames = [
        "listed", "fetched", "stored", "duplicate", "late", "changed", "dropped", "lost", "unmatched",
    ]

    init(_ node: Node?, _ known: Rehearsal.Known) {
        guard let node else {
            self = .nothing
            return
        }
        var fields = Fields(node)
        steps = Self.table(fields.optional("steps")) { name, node in
            let parts = name.split(separator: "/", maxSplits: 1).map(String.init)
            if !known.definition.probe.contains(where: { $0.id == parts.first }) {
                node.note(
                    .reference,
                    "is no probe step.",
                    fix: "There are: \(known.definition.probe.map(\.id).joined(separator: ", "))."
                )
            }
            if parts.count == 2 { known.stream(parts[1], node) }
            return node.word(of: Rehearsal.results)
        }
        records = Self.table(fields.optional("records")) { name, node in
            known.stream(name, node)
            return node.whole(0...1_000_000)
        }
        counts = Self.table(fields.optional("counts")) { name, node in
            known.stream(name, node)
            return Self.table(node) { name, node in
                if !Self.countNames.contains(name) {
                    node.note(
                        .value,
                        "is no count.",
                        fix: "There are: \(Self.countNames.joined(separator: ", "))."
                    )
                }
                return node.whole(0...1_000_000)
            }
        }
        states = Self.table(fields.optional("states")) { name, node in
            known.stream(name, node)
            return node.word(of: Self.states)
        }
        faultClass = fields.optional("class")?.choice(FaultClass.self)
        remedy = fields.optionalText("remedy")
        gaps = fields.optional("gaps")?.list { Rehearsal.ExpectedGap($0, known) }
        caughtUpTo = Self.table(fields.optional("caughtUpTo")) { name, node in
            known.stream(name, node)
            return node.instant()
        }
        let places = fields.optional("cursors")?.members { name, node -> (String, PagePlace?)? in
            known.stream(name, node)
            return (name, node.value == .null ? nil : node.place())
        }
        cursors = Dictionary(places ?? []) { first, _ in first }
        requests = fields.optional("requests")?.whole(0...1_000_000)
        waited = fields.optional("waited")?.span()
        fields.end()
        known.remedy(remedy, node)
    }

    private static func table<Content>(_ node: Node?, _ read: (String, Node) -> Content?) -> [String: Content]
    {
        let pairs = node?.members { name, node in read(name, node).map { (name, $0) } } ?? []
        return Dictionary(pairs) { first, _ in first }
    }
}

extension Rehearsal.ExpectedGap {
    init(_ node: Node, _ known: Rehearsal.Known) {
        var fields = Fields(node)
        stream = fields.text("stream")
        kind = fields.required("kind")?.word(of: ["item", "span"]) ?? "item"
        cause = fields.optional("cause")?.choice(FaultClass.self)
        item = fields.optionalText("item")
        from = fields.optional("from")?.instant()
        to = fields.optional("to")?.instant()
        fields.end()
        known.stream(stream, node)
    }
}

extension Node {
    /// One of a few words.
    func word(of words: [String]) -> String? {
        guard let text = text() else { return nil }
        guard words.contains(text) else {
            note(.value, "is \"\(text)\".", fix: "There are: \(words.joined(separator: ", ")).")
            return nil
        }
        return text
    }
}
