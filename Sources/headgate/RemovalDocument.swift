// SPDX-License-Identifier: Apache-2.0
import Host
import JSON
import Status
import Store

/// What taking a connection off would do or has done, for people and machines.
struct RemovalDocument: Sendable {
    enum Outcome: String {
        case planned, removed
        /// Something could not be stopped, so that the connection stays.
        case kept
    }

    let plan: RemovalPlan
    /// Whether it is asked for to stop what was prepared.
    let stops: Bool
    var outcome = Outcome.planned
    var stopped: [Stopped] = []
    /// Whether the app and its secret went too.
    var forgets: Bool

    init(_ plan: RemovalPlan, stops: Bool) {
        self.plan = plan
        self.stops = stops
        forgets = plan.others.isEmpty && plan.registration != nil
    }

    var hasFailed: Bool { stopped.contains { $0.outcome == .failed } }

    private var app: String { plan.registration?.clientKey ?? "" }

    // MARK: for people

    /// What is said before.
    var before: [String] {
        var lines = ["\(plan.connection.key) (\(plan.connection.connector), \(plan.connection.tenant))"]
        lines.append("Stays at the source:")
        if !app.isEmpty {
            lines.append("  the app \(app), with its permissions and credentials" + path)
        }
        for title in titles(plan.prepared.filter { !stops || !$0.canBeTakenBack }) {
            lines.append("  \(title)")
        }
        if stops, plan.prepared.contains(where: \.canBeTakenBack) {
            lines.append("Stopped at the source, for good:")
            lines += titles(plan.prepared.filter(\.canBeTakenBack)).map { "  \($0)" }
        } else if plan.prepared.contains(where: \.canBeTakenBack) {
            lines.append("  (--stop takes that back)")
        }
        if lines.last == "Stays at the source:" { lines.append("  nothing that is known here") }
        lines += ["Stays here:"] + here
        lines.append("Goes:")
        lines.append("  the connection, with its progress and its open issues")
        if forgets {
            lines.append(
                plan.elsewhere.isEmpty
                    ? "  its secret, since no other connection uses the app"
                    : "  its secret; for other tenants the app is used with one of their own"
            )
        }
        return lines
    }

    private var here: [String] {
        let files = plan.archiveFiles == 1 ? "1 archive file" : "\(plan.archiveFiles) archive files"
        var lines = ["  \(files) in \(plan.archive)", "  journal lines, until every destination has them"]
        if plan.gaps > 0 { lines.append("  \(plan.gaps) gaps on record, and the history of its states") }
        if !plan.others.isEmpty {
            let names = plan.others.map(\.description).joined(separator: ", ")
            lines.append("  the secret of the app, which \(names) uses too")
        }
        return lines
    }

    private var path: String { plan.place?.path.map { ": \($0)" } ?? "" }

    /// Each thing once, with the streams it was prepared for.
    private func titles(_ prepared: [RemovalPlan.Prepared]) -> [String] {
        var order: [String] = []
        for item in prepared where !order.contains(item.title) { order.append(item.title) }
        return order.map { title in
            let streams = prepared.filter { $0.title == title }.map(\.stream)
            return "\(title): \(streams.joined(separator: ", "))"
        }
    }

    /// What is said afterwards.
    var after: [String] {
        let key = plan.connection.key
        var lines = stopped.map { item in
            switch item.outcome {
            case .stopped: "\(item.stream): stopped"
            case .absent: "\(item.stream): there was nothing to stop"
            case .failed: "\(item.stream): could not be stopped: \(item.words ?? "no reason was given")"
            }
        }
        guard outcome == .removed else {
            lines.append(
                "\(key) was not removed, and goes on collecting. Put right what is said above, or leave out --stop."
            )
            return lines
        }
        lines.append(
            "\(key) is removed; "
                + (forgets ? "its secret is forgotten." : "its secret stays, others use it.")
        )
        lines += ["Still there:"] + here
        if !plan.elsewhere.isEmpty {
            let names = plan.elsewhere.map(\.description).joined(separator: ", ")
            lines.append(
                "Do not delete the app \(app): \(names) \(plan.elsewhere.count == 1 ? "uses" : "use") it too"
            )
        } else if !app.isEmpty, plan.others.isEmpty {
            lines.append("If nothing else needs it, delete the app \(app) at its provider" + path)
            if let link = plan.place?.link { lines.append("  \(link)") }
        }
        return lines
    }

    // MARK: for machines

    var value: Value {
        let key = plan.connection.key
        return members(
            ("schema", 1),
            ("outcome", .string(outcome.rawValue)),
            ("customer", .string(key.customer)),
            ("connection", .string(key.connection)),
            (
                "source",
                members(
                    (
                        "app",
                        plan.registration.map {
                            members(
                                ("clientKey", .string($0.clientKey)),
                                ("tenant", .string($0.tenant)),
                                ("where", .text(plan.place?.path)),
                                ("link", .text(plan.place?.link))
                            )
                        } ?? .null
                    ),
                    (
                        "prepared",
                        .array(
                            plan.prepared.map {
                                members(
                                    ("stream", .string($0.stream)),
                                    ("title", .string($0.title)),
                                    ("canBeStopped", .bool($0.canBeTakenBack))
                                )
                            }
                        )
                    ),
                    (
                        "stopped",
                        .array(
                            stopped.map {
                                members(
                                    ("stream", .string($0.stream)),
                                    ("title", .string($0.title)),
                                    ("outcome", .string($0.outcome.rawValue)),
                                    ("why", .text($0.words))
                                )
                            }
                        )
                    )
                )
            ),
            (
                "here",
                members(
                    ("archive", .string(plan.archive)),
                    ("archiveFiles", .int(Int64(plan.archiveFiles))),
                    ("gaps", .int(Int64(plan.gaps))),
                    ("elsewhere", .array(plan.elsewhere.map { .string($0.description) })),
                    ("usedBy", .array(plan.others.map { .string($0.description) })),
                    ("secretForgotten", .bool(forgets))
                )
            )
        )
    }
}
