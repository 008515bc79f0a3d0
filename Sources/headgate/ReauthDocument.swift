// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Host
import JSON
import Reporting
import Status
import Store

/// What came of re-authorising a connection, for people and machines.
struct ReauthDocument: Sendable {
    let result: ReauthTurn.Result

    private var connection: Connection { result.connection }

    private var read: [String] {
        result.proof.lines.first { $0.connection == connection.key }?.read ?? []
    }

    // MARK: for machines

    var value: Value {
        let key = connection.key
        return members(
            ("schema", 1),
            ("outcome", .string(result.outcome.rawValue)),
            ("customer", .string(key.customer)),
            ("connection", .string(key.connection)),
            ("tenant", .string(connection.tenant)),
            ("clientKey", .string(result.clientKey)),
            ("formerClientKey", .text(result.formerKey)),
            ("why", .text(result.why?.words)),
            ("remedy", result.why?.remedy?.json ?? .null),
            ("until", .time(result.until)),
            ("read", .array(read.map { .string($0) })),
            (
                "streams",
                .array(
                    result.readiness.sorted { $0.key < $1.key }.map { stream, readiness in
                        let (word, words): (String, String?) =
                            switch readiness {
                            case .ready: ("ready", nil)
                            case .wait: ("wait", nil)
                            case .failed(let words, _): ("failed", words)
                            }
                        return members(
                            ("id", .string(stream)),
                            ("result", .string(word)),
                            ("words", .text(words))
                        )
                    }
                )
            ),
            (
                "lost",
                .array(
                    result.lost.sorted { $0.key < $1.key }.map { stream, span in
                        members(
                            ("stream", .string(stream)),
                            ("from", .time(span.lowerBound)),
                            ("to", .time(span.upperBound))
                        )
                    }
                )
            ),
            ("formerForgotten", .bool(result.isFormerForgotten)),
            ("reminder", result.place.map(RotationDocument.value) ?? .null)
        )
    }

    // MARK: for people

    private func losses(_ verb: String) -> [String] {
        result.lost.sorted { $0.key < $1.key }.map { stream, span in
            "  \(stream): what was between \(span.lowerBound.secondsText)Z and \(span.upperBound.secondsText)Z \(verb)"
        }
    }

    func lines(_ style: Style) -> [String] {
        let key = connection.key
        guard result.outcome == .reauthorised else {
            var lines = ["\(key) is not re-authorised: \(result.why?.words ?? "it could not be proven")"]
            for (stream, readiness) in result.readiness.sorted(by: { $0.key < $1.key }) {
                if case .failed(let words, _) = readiness { lines.append("  \(stream): \(words)") }
            }
            lines.append("Nothing was changed here: it goes on with what it has.")
            if result.asksForLoss {
                lines += losses("would be lost")
                lines += [
                    "With a working credential of the former app nothing is: headgate reauth \(key) without --client-key.",
                    "Else agree to the loss: the same again with --accept-loss.",
                ]
            } else if let until = result.until {
                lines.append(
                    result.isReady
                        ? "The new app is ready. Run the same again when status says \"caught up to\" later than "
                            + "\(until.clockText) UTC, so that nothing is lost."
                        : "Run the same again after \(until.clockText) UTC."
                )
            } else if var remedy = result.why?.remedy {
                remedy.next = "headgate reauth \(key) --secret-file FILE"
                lines += RemedyText.lines(remedy, style: style, indent: "  ")
            }
            return lines
        }
        var lines = ["\(key) is re-authorised for the same tenant \(connection.tenant)"]
        if let former = result.formerKey, !former.isEmpty {
            lines.append("  the app \(result.clientKey) takes over from \(former)")
        }
        if !read.isEmpty { lines.append("  read from \(read.joined(separator: ", "))") }
        for (stream, readiness) in result.readiness.sorted(by: { $0.key < $1.key }) {
            if case .failed(let words, _) = readiness { lines.append("  \(stream) stays behind: \(words)") }
        }
        lines += losses("is lost; it is on record as a gap (headgate gaps --all)")
        lines.append("The host looks at it at once; what blocked it is cleared when a cycle succeeds.")
        if result.isFormerForgotten { lines.append("The former credential is forgotten here.") }
        if let reminder = result.place {
            lines.append("Delete the former one at its provider" + (reminder.path.map { ": \($0)" } ?? ""))
            if let link = reminder.link { lines.append("  \(link)") }
        }
        return lines
    }
}
