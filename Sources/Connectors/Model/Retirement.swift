// SPDX-License-Identifier: Apache-2.0
import JSON

/// A connector or stream that is no more, so that a set-up which still names it is told what to use.
package struct Retirement: Sendable, Equatable {
    /// The connector's id that is no more; `nil` where it is a stream of this one.
    package let connector: String?
    /// The stream's id that is no more; `nil` where it is a whole connector.
    package let stream: String?
    /// What has become of it.
    package let say: String
    /// The stream of this connector that takes its place.
    package let use: String?

    /// What to tell somebody who still names it, `id` being the connector that knows of it.
    package func words(by id: String) -> String {
        let place = connector == nil ? use : use.map { "\(id), its stream \($0)," } ?? id
        return "\"\(connector ?? stream ?? "")\" is retired: \(say)"
            + (place.map { " Use \($0) instead." } ?? "")
    }
}

extension Retirement {
    init(_ node: Node) {
        var fields = Fields(node)
        connector = fields.optional("id")?.identifier()
        stream = fields.optional("stream")?.identifier()
        say = fields.text("say")
        use = fields.optionalText("use")
        fields.end()
        if (node.value["id"] == nil) == (node.value["stream"] == nil) {
            node.note(
                node.value["id"] == nil ? .missingKey : .conflict,
                "must name one thing that is no more.",
                fix: "Give either \"id\", a connector, or \"stream\", a stream of this one."
            )
        }
    }
}

extension Definition {
    /// What to tell somebody who still names the stream `id`; `nil` where nothing is known of it.
    package func retirement(ofStream id: String) -> String? {
        retired.first { $0.stream == id }?.words(by: self.id)
    }

    /// What to tell somebody who still names the connector `id`; `nil` where nothing is known of it.
    package func retirement(ofConnector id: String) -> String? {
        retired.first { $0.connector == id }?.words(by: self.id)
    }

    /// Notes retirements of what is still there, and successors that are not.
    func checkRetired(_ note: Note, _ top: Pointer) {
        for (i, item) in retired.enumerated() {
            let at = top.appending("retired").appending(i)
            let known = streams.map(\.id)
            if item.connector == id || item.stream.map(known.contains) ?? false {
                note(
                    .conflict,
                    at,
                    "\"\(item.connector ?? item.stream ?? "")\" is retired and still here.",
                    "Take it out of the definition, or out of \"retired\"."
                )
            }
            if let use = item.use, !known.contains(use) {
                note(
                    .reference,
                    at.appending("use"),
                    "\"\(use)\" is no stream of this definition.",
                    "There are: \(known.joined(separator: ", "))."
                )
            }
        }
    }
}
