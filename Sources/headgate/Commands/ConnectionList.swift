// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Crypto
import Host
import Identity
import JSON
import Status
import Store

extension Command {
    static let connectionList = Command(
        name: "connection list",
        synopsis: "[CUSTOMER] [--json]",
        summary: "lists the connections",
        help: "Lists every connection, or those of one customer.",
        flags: ["--json"],
        words: 0...1
    ) { invocation in
        let desk = try Desk.existing(invocation)
        var connections = try await desk?.ledger.connections() ?? []
        if let word = invocation.arguments.words.first {
            connections = try Selection(naming: word).connections(among: connections)
        }
        let registrations = try await desk?.ledger.registrations() ?? []
        if invocation.arguments.has("--json") {
            let rows = connections.map { ConnectionDocument.value($0, registrations) }
            invocation.output.json(["schema": 1, "connections": .array(rows)])
            return .done
        }
        guard !connections.isEmpty else {
            invocation.say("No connection yet: headgate onboard makes the first.")
            return .done
        }
        var table = Table("connection", "connector", "tenant", "streams", "since")
        for connection in connections {
            table.add(
                connection.key.description,
                connection.connector,
                connection.tenant,
                String(connection.streams.count),
                connection.acceptedAt.map(\.day) ?? "draft"
            )
        }
        invocation.output.table(table)
        return .done
    }

    static let connectionShow = Command(
        name: "connection show",
        synopsis: "CUSTOMER/CONNECTION [--json]",
        summary: "shows one connection's set-up",
        help:
            """
            Shows how a connection is set up: its answers, its credential (never the secret), its streams, and what
            became of it when its definition changed.
            """,
        flags: ["--json"],
        words: 1...1
    ) { invocation in
        let desk = try Desk.existing(invocation)
        let all = try await desk?.ledger.connections() ?? []
        let meant = try Selection(naming: invocation.arguments.words[0]).connections(among: all)
        guard meant.count == 1, let connection = meant.first else {
            throw Stop(.usage, "\(invocation.arguments.words[0]) has \(meant.count) connections: name one.")
        }
        let registrations = try await desk?.ledger.registrations() ?? []
        let value = ConnectionDocument.value(connection, registrations)
        let events = try await desk?.ledger.events(of: connection.key) ?? []
        if invocation.arguments.has("--json") {
            let history = events.map { event -> Value in
                ["at": .string(event.at.description), "what": .string(event.words)]
            }
            invocation.output.json(["schema": 1, "connection": value, "history": .array(history)])
        } else {
            let app = registrations.first { $0.id == connection.registration }
            let thumbprint = await ConnectionDocument.thumbprint(app, desk)
            for line in ConnectionDocument.lines(connection, app, thumbprint) { invocation.output.line(line) }
            for event in events { invocation.output.line("  history    \(event.at): \(event.words)") }
        }
        return .done
    }
}

extension Selection {
    /// Reads what a person named, or says how it is written.
    init(naming word: String) throws {
        guard let selection = Selection(word) else {
            throw Misuse.badValue(option: "the name", value: word, wanted: "CUSTOMER[/CONNECTION[/STREAM]]")
        }
        self = selection
    }

    /// The one connection that was named, not a customer or a stream.
    func one() throws -> ConnectionKey {
        guard let connection, stream == nil else {
            throw Stop(.usage, "Name one connection: CUSTOMER/CONNECTION.")
        }
        return ConnectionKey(customer: customer, connection: connection)
    }
}

/// A connection's set-up for people and machines.
enum ConnectionDocument {
    static func value(_ connection: Connection, _ registrations: [Registration]) -> Value {
        var object = ExportDocument.connection(connection, registrations).objectValue ?? [:]
        object["customer"] = .string(connection.key.customer)
        object["created"] = .string(connection.created.description)
        object["acceptedAt"] = connection.acceptedAt.map { .string($0.description) } ?? .null
        object["cause"] = connection.draftCause.map { .string($0.message) } ?? .null
        object["plans"] =
            connection.plans.map { held -> Value in
                [
                    "held": .array(held.plans.sorted().map { .string($0) }),
                    "at": .string(held.at.description),
                ]
            } ?? .null
        object["app"] =
            registrations.first { $0.id == connection.registration }.map(ExportDocument.registration) ?? .null
        return .object(object)
    }

    /// The thumbprint of the certificate in use as portals write it, which is not the one that the ledger keeps.
    static func thumbprint(_ app: Registration?, _ desk: Desk?) async -> String? {
        guard let app, let desk, let current = app.current, current.kind == .certificate else { return nil }
        let opened = try? await Credentials(Vault(desk.home)).credential(of: app, current)
        guard case .certificate(let certificate, _)? = opened else { return nil }
        return certificate.thumbprintSHA1Text
    }

    static func lines(_ connection: Connection, _ app: Registration?, _ thumbprint: String?) -> [String] {
        var lines = [
            "\(connection.key)  \(connection.connector)"
                + (connection.version.map { " \($0)" } ?? ""),
            "  tenant     \(connection.tenant)" + (connection.cloud.map { " (cloud \($0))" } ?? ""),
        ]
        for (name, value) in connection.credentials.objectValue ?? [:] {
            let gap = String(repeating: " ", count: max(1, 11 - name.count))
            lines.append("  \(name)\(gap)\(value.stringValue ?? value.text())")
        }
        if let credential = app?.current {
            let place = credential.reference.map { "at \($0)" } ?? "in the vault"
            let expiry = credential.expiresAt.map { ", expires \($0.day)" } ?? ", expiry unknown"
            lines.append("  credential \(credential.kind.rawValue) \(place)\(expiry)")
            if let thumbprint { lines.append("  thumbprint \(thumbprint) (SHA-1, as portals show it)") }
        }
        if let plans = connection.plans {
            let held = plans.plans.isEmpty ? "none" : plans.plans.sorted().joined(separator: ", ")
            lines.append("  plans      \(held) (read \(plans.at))")
        }
        lines.append(
            "  start      \(connection.start)"
                + (connection.noChanges ? ", changes nothing at the source" : "")
        )
        if let accepted = connection.acceptedAt {
            lines.append("  accepted   \(accepted)")
        } else {
            lines.append("  draft      \(connection.draftCause?.message ?? "not tested yet")")
        }
        for choice in connection.streams {
            let hold = choice.hold.map { hold in
                "  \(hold.kind.rawValue) by \(hold.by): \(hold.reason)"
                    + (hold.until.map { ", until \($0)" } ?? "")
            }
            lines.append("  stream     \(choice.stream)" + (hold ?? ""))
            if let selected = try? RecordSelection.kept(choice.select) {
                lines.append("    \(selected.words)")
            }
        }
        return lines
    }
}
