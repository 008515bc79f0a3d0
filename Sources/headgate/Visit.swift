// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Host
import JSON
import Probing
import Reporting
import Source
import Status
import Store
import Terminal

/// One visit of the doctor: every part of the home as far as those before it allow, then every connection.
struct Visit {
    /// How one connection came out.
    struct Tested: Sendable {
        let key: ConnectionKey
        let mark: CheckResult.Mark
        let message: String
        let remedy: String?
        let report: ProbeReport?

        var json: Value {
            [
                "customer": .string(key.customer), "connection": .string(key.connection),
                "result": .string(mark.rawValue), "message": .string(message),
                "remedy": remedy.map { .string($0) } ?? .null, "test": report.map(\.json) ?? .null,
            ]
        }

        func text(_ style: Style) -> HostCheckText {
            HostCheckText(key.description, mark, message, remedy: remedy, style: style)
        }
    }

    /// Everything that was found.
    struct Found {
        var checks: [HostCheck] = []
        var connections: [Tested] = []

        var exitCode: Int32 { HostCheck.exitCode(of: checks.map(\.mark) + connections.map(\.mark)) }

        var json: Value {
            [
                "schema": 1, "well": .bool(exitCode == 0), "checks": .array(checks.map(\.json)),
                "connections": .array(connections.map(\.json)),
            ]
        }
    }

    private let place: Place
    private let checking: (HostCheck) -> Void
    private let seeing: (Tested) -> Void

    init(place: Place, checking: @escaping (HostCheck) -> Void, seeing: @escaping (Tested) -> Void) {
        self.place = place
        self.checking = checking
        self.seeing = seeing
    }

    func make() async throws -> Found {
        var found = Found()
        func note(_ check: HostCheck) {
            found.checks.append(check)
            checking(check)
        }
        guard let home = Home.standing(at: place.home) else {
            if let gone = Home.lostLedger(at: place.home) {
                note(
                    HostCheck(
                        .ledger,
                        .fail,
                        gone.description,
                        remedy: "Put ledger.sqlite back before anything else."
                    )
                )
                return found
            }
            note(
                HostCheck(
                    .home,
                    .unknown,
                    "Nothing is set up in \(place.home)",
                    remedy: "Begin with headgate onboard, or name another home with --home."
                )
            )
            note(Checkup.tls(caFile: nil))
            return found
        }
        let checkup = Checkup(home)
        for check in checkup.place() { note(check) }
        let desk: Desk
        do {
            let settings = try Desk.settings(place)
            note(HostCheck(.settings, .pass, settings == Settings() ? "None is set" : "They read"))
            note(Checkup.tls(caFile: settings.caFile))
        } catch {
            note(HostCheck(.settings, .fail, "\(error)", remedy: "Correct \(place.home)/config.json."))
            return found
        }
        do {
            desk = try Desk(standing: home, place)
        } catch {
            note(
                HostCheck(
                    .ledger,
                    .fail,
                    "\(error)",
                    remedy: Self.remedy(error, home)
                )
            )
            return found
        }
        for check in await checkup.store(desk.ledger) { note(check) }
        guard found.checks.last?.mark != .skip else { return found }
        let connections = try await desk.ledger.connections()
        note(await checkup.vault(Vault(home), try await desk.ledger.registrations()))
        note(
            checkup.host(
                try await desk.ledger.tick(),
                hasConnections: connections.contains { !$0.isDraft },
                isHeld: HostLock.isHeld(home)
            )
        )
        let wiring: Wiring
        do {
            wiring = try await Wiring(desk, place)
        } catch {
            note(HostCheck(.clouds, .fail, "\(error)", remedy: "Correct the file that it names."))
            return found
        }
        note(HostCheck(.clouds, .pass, "They read: \(wiring.shelf.clouds.names.joined(separator: ", "))"))
        note(Checkup.definitions(wiring.shelf, connections))
        let skews = try await see(connections, desk, wiring, &found)
        let isAsked = found.connections.contains { $0.report != nil }
        note(Checkup.clock(skews, asked: isAsked, now: SystemTime().now))
        return found
    }

    /// What helps where the ledger does not open; a copy only where it is damaged.
    private static func remedy(_ error: any Error, _ home: Home) -> String? {
        switch error as? StoreFailure {
        case .corrupt?: "Put the newest file of \(home.backup) in its place."
        case .file?, .database?:
            "Nothing is said against the ledger itself: see that its disk is there, has room and may be written."
        default: nil
        }
    }

    /// Tests every connection; gives how far our clock is ahead of each service that was heard.
    private func see(_ connections: [Connection], _ desk: Desk, _ wiring: Wiring, _ found: inout Found)
        async throws -> [Duration]
    {
        let examiner = Examiner(
            ledger: desk.ledger,
            shelf: wiring.shelf,
            maker: wiring.maker,
            credentials: Credentials(wiring.vault)
        )
        let progress = ProgressLine()
        let shelf = wiring.shelf
        let carried = connections.map { Carrying.carried($0, shelf) }
        let all = try await SideBySide.of(carried) { connection -> (Tested, [Duration]) in
            if connection.isDraft { return (Tested(draft: connection), []) }
            if let refusal = shelf.refusal(of: connection) { return (Tested(connection, refusal), []) }
            let subject = try await examiner.subject(of: connection)
            let report = try await Prober.run(subject) { progress.show("\(connection.key): \($0)") }
            return (Tested(report), subject.session.skews)
        } telling: {
            progress.clear()
            seeing($0.0)
        }
        found.connections = all.map(\.0)
        return all.flatMap(\.1)
    }
}

extension Visit.Tested {
    /// A connection that collects nothing yet, which is said and not tested.
    init(draft connection: Connection) {
        self.init(
            key: connection.key,
            mark: .warn,
            message: "Still a draft: " + (connection.draftCause?.message ?? "it was not tested"),
            remedy: "When that is put right: headgate repair \(connection.key), which finishes the set-up.",
            report: nil
        )
    }

    /// A connection whose definition may not be used.
    init(_ connection: Connection, _ refusal: ConnectorFailure) {
        self.init(key: connection.key, mark: .fail, message: "\(refusal)", remedy: nil, report: nil)
    }

    /// What a whole test comes to in one line.
    init(_ report: ProbeReport) {
        let mark: CheckResult.Mark =
            switch report.exitCode {
            case 5: .fail
            case 1: .warn
            case 4: report.count(.unknown) > 0 ? .unknown : .wait
            default: .pass
            }
        let step = report.steps.first { $0.mark == mark }
        let more = "See headgate test \(report.connection)"
        // A step may end with a command; the next sentence must not look like a part of it.
        let words = step?.remedy.map { remedy in
            ([remedy.title] + remedy.steps).map { $0.hasSuffix(".") ? $0 : $0 + "." }.joined(separator: " ")
                + " \(more)"
        }
        self.init(
            key: report.connection,
            mark: mark,
            message: report.headline,
            remedy: mark == .pass ? nil : words ?? more,
            report: report
        )
    }
}
