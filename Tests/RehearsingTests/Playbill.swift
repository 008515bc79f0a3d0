// SPDX-License-Identifier: Apache-2.0
import Connectors
import JSON
import Rehearsing
import TestSupport
import Testing

/// A small test of the shipped connector that passes, and the means to spoil it.
struct Playbill {
    static let id = "office365-management"
    private static let feed = "/api/v1.0/*/activity/feed"

    /// The exchanges, by what they are for.
    var exchanges: [(name: String, text: String)] = [
        (
            "look",
            #"{"expect": {"service": "manage", "path": "\#(feed)/subscriptions/list"}, "times": "any", "#
                + #""reply": {"json": [{"contentType": "Audit.General", "status": "enabled"}]}}"#
        ),
        (
            "list",
            #"{"expect": {"service": "manage", "path": "\#(feed)/subscriptions/content"}, "times": 1, "pass": 2, "#
                + #""reply": {"json": [{"contentType": "Audit.General", "contentId": "one", "contentCreated": "#
                + #""2026-11-21T12:04:00.000Z", "contentExpiration": "2026-11-28T12:04:00.000Z"}]}}"#
        ),
        (
            "fetch",
            #"{"expect": {"service": "manage", "path": "\#(feed)/audit/one"}, "#
                + #""reply": {"json": [{"Id": "1", "Operation": "A", "RecordType": 1, "#
                + #""CreationTime": "2026-11-21T11:00:00"}]}}"#
        ),
    ]
    var given = #""streams": ["Audit.General"], "passes": 2, "every": "PT10M""#
    var then = #""records": {"Audit.General": 1}"#
    var kind = "stream"

    /// Takes the exchange of that name out.
    func without(_ name: String) -> Playbill {
        var other = self
        other.exchanges.removeAll { $0.name == name }
        return other
    }

    /// Puts `text` where the exchange of that name stands, or at the end.
    func with(_ name: String, _ text: String) -> Playbill {
        var other = self
        if let index = exchanges.firstIndex(where: { $0.name == name }) {
            other.exchanges[index].text = text
        } else {
            other.exchanges.append((name, text))
        }
        return other
    }

    /// Replaces `old` by `new` in the exchange of that name.
    func changing(_ name: String, _ old: String, _ new: String) -> Playbill {
        var other = self
        guard let index = exchanges.firstIndex(where: { $0.name == name }) else { return other }
        let parts = exchanges[index].text.split(separator: old, omittingEmptySubsequences: false)
        other.exchanges[index].text = parts.joined(separator: new)
        return other
    }

    /// Expects something else.
    func expecting(_ then: String) -> Playbill {
        var other = self
        other.then = then
        return other
    }

    /// Sets it up otherwise.
    func given(_ given: String) -> Playbill {
        var other = self
        other.given = given
        return other
    }

    /// Makes it one of another kind.
    func of(kind: String) -> Playbill {
        var other = self
        other.kind = kind
        return other
    }

    var text: String {
        #"{"name": "A play", "kind": "\#(kind)", "given": {\#(given)}, "http": ["#
            + exchanges.map(\.text).joined(separator: ",") + #"], "then": {\#(then)}}"#
    }

    /// Reads and plays it.
    func play() async throws -> Rehearsed { try await Self.play(text) }

    /// Reads and plays a test of the shipped connector.
    static func play(_ text: String) async throws -> Rehearsed {
        let shelf = try Shelf(shipped: Repository.connectors)
        let definition = try shelf.definition(id)
        let (rehearsal, findings) = Rehearsal.read(Array(text.utf8), file: "play.json", of: definition)
        let readable = try #require(rehearsal, "\(findings)")
        return try await Rehearser(definition, clouds: shelf.clouds).run(readable, file: "play.json")
    }
}
