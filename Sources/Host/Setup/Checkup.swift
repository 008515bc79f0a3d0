// SPDX-License-Identifier: Apache-2.0
package import Basics
package import Connectors
import HTTPClient
import Probing
package import Status
package import Store

/// Looks at this machine and at what a home holds, and changes none of it.
package struct Checkup: Sendable {
    private let home: Home
    private let time: any TimeSource

    /// Prepares a look at `home`.
    package init(_ home: Home, time: any TimeSource = SystemTime()) {
        self.home = home
        self.time = time
    }

    // MARK: the machine

    /// The home's rights and its disk.
    package func place() -> [HostCheck] {
        let faults = home.faults
        let rights =
            faults.isEmpty
            ? HostCheck(.home, .pass, "\(home.path) is nobody else's to read")
            : HostCheck(
                .home,
                .fail,
                faults.map(\.description).joined(separator: " "),
                remedy: "Take the rights of others away as it says; until then no command touches the home."
            )
        return [rights, Self.disk(DiskRoom(home), hasRun: FileFacts(home.reserve) != nil)]
    }

    /// What a disk's room means: one segment of the journal must fit, and a day should.
    package static func disk(_ room: DiskRoom?, hasRun: Bool) -> HostCheck {
        guard let room else {
            return HostCheck(.disk, .unknown, "The system does not say how much room there is")
        }
        let words = "\(room.free.spokenBytes) of \(room.total.spokenBytes) are free"
        let remedy =
            "Make room on the disk, or shorten journal.retention and archive.retention: headgate config set."
        if room.free < 64 << 20 {
            return HostCheck(.disk, .fail, words + ", less than a segment of the journal", remedy: remedy)
        }
        if room.free < 1 << 30 { return HostCheck(.disk, .warn, words, remedy: remedy) }
        guard room.isReserveHeld || !hasRun else {
            return HostCheck(
                .disk,
                .warn,
                words + ", but the ledger's reserve is not set aside",
                remedy: "The host sets it aside as soon as it runs and there is room: headgate run."
            )
        }
        return HostCheck(
            .disk,
            .pass,
            words + (room.isReserveHeld ? ", and the ledger's reserve is set aside" : "")
        )
    }

    /// The library and the authorities by which certificates are judged.
    package static func tls(caFile: String?) -> HostCheck {
        let facts = TLSFacts(caFile: caFile)
        guard let library = facts.library else {
            return HostCheck(.tls, .fail, "libcurl has no TLS", remedy: "Install libcurl with OpenSSL.")
        }
        if let trouble = facts.trouble {
            return HostCheck(
                .tls,
                .fail,
                "The file of further authorities is of no use: \(trouble)",
                remedy: "Correct it with headgate config set caFile FILE, or take it out with --unset."
            )
        }
        guard let authorities = facts.authorities else {
            return HostCheck(
                .tls,
                .fail,
                "\(library), but the system's certificate authorities are not found",
                remedy: "Install the package ca-certificates."
            )
        }
        let further = caFile.map { " and those of \($0)" } ?? ""
        return HostCheck(.tls, .pass, "\(library) with the authorities of \(authorities)\(further)")
    }

    /// This machine's clock against those of the services, by how far ours is ahead of each that was heard.
    package static func clock(_ skews: [Duration], asked: Bool, now: Timestamp) -> HostCheck {
        guard asked else {
            return HostCheck(.clock, .skip, "There is no connection whose service says the time")
        }
        guard !skews.isEmpty else {
            return HostCheck(.clock, .unknown, "No service has said what time it is")
        }
        guard let cause = ClockCheck.cause(skews, now: now) else {
            return HostCheck(.clock, .pass, "It agrees with the services' clocks")
        }
        return HostCheck(.clock, .warn, cause.message, remedy: cause.remedy?.steps.first)
    }

    // MARK: what the home holds

    /// Whether the vault opens, and holds every secret that a registration keeps there.
    package func vault(_ vault: Vault, _ registrations: [Registration]) async -> HostCheck {
        let remedy =
            "Put vault and vault.key back together, or give the secret again: headgate reauth CUSTOMER/CONNECTION."
        do {
            try await vault.check()
            var count = 0
            for registration in registrations {
                for credential in [registration.current, registration.next].compactMap(\.self)
                where credential.reference == nil {
                    guard try await vault.secret(registration.id, credential.slot) != nil else {
                        let name = "The vault lacks the secret of the app \(registration.clientKey)"
                        return HostCheck(.vault, .fail, name, remedy: remedy)
                    }
                    count += 1
                }
            }
            let words =
                count == 0
                ? "It holds no secret" : count == 1 ? "It opens its secret" : "It opens its \(count) secrets"
            return HostCheck(.vault, .pass, words)
        } catch { return HostCheck(.vault, .fail, "\(error)", remedy: remedy) }
    }

    /// Whether the ledger is whole, and the journal holds all that was committed.
    package func store(_ ledger: SQLiteLedger) async -> [HostCheck] {
        do {
            try await ledger.inspect()
        } catch {
            let remedy = "Put the newest file of \(home.backup) in its place while no host runs."
            return [
                HostCheck(.ledger, .fail, "\(error)", remedy: remedy), Self.skipped(.journal, "the ledger"),
            ]
        }
        let whole = HostCheck(.ledger, .pass, "It is whole")
        do {
            var faults = try await JournalExtent(ledger).faults(in: home)
            // A running host may have taken a segment off between the two looks.
            if !faults.isEmpty { faults = try await JournalExtent(ledger).faults(in: home) }
            guard faults.isEmpty else {
                return [
                    whole,
                    HostCheck(
                        .journal,
                        .fail,
                        faults.map(\.description).joined(separator: " "),
                        remedy:
                            "Bring the file back, or restore journal and ledger together; until then no host starts."
                    ),
                ]
            }
            return [whole, HostCheck(.journal, .pass, "It holds everything that was committed")]
        } catch { return [whole, HostCheck(.journal, .unknown, "\(error)")] }
    }

    /// Whether the definitions that are at hand can be used; what no connection uses is no more than a warning.
    package static func definitions(_ shelf: Shelf, _ connections: [Connection]) -> HostCheck {
        let refusals = connections.compactMap { shelf.refusal(of: Carrying.carried($0, shelf)) }
        let used = Set(connections.map(\.connector))
        if let first = refusals.first {
            let more = Set(refusals.map(\.description)).count - 1
            return HostCheck(
                .definitions,
                .fail,
                "\(first)" + (more > 0 ? " And \(more) more." : ""),
                remedy:
                    "headgate connector lint names every problem, headgate connector trust agrees to a change."
            )
        }
        let broken = shelf.items.filter { $0.definition == nil && !used.contains($0.id) }
        guard broken.isEmpty else {
            let names = broken.map(\.id).joined(separator: ", ")
            return HostCheck(
                .definitions,
                .warn,
                "Not used, and not usable: \(names)",
                remedy: "headgate connector lint names every problem."
            )
        }
        return HostCheck(.definitions, .pass, "All \(shelf.items.count) can be used")
    }

    /// Whether a host looks after the connections, by its last sign of life.
    package func host(_ facts: HostFacts?, hasConnections: Bool, isHeld: Bool = true) -> HostCheck {
        let start = "Start it: headgate run, or headgate run --once from a timer."
        guard let facts, let tick = facts.lastTick else {
            return hasConnections
                ? HostCheck(.host, .warn, "No host has run here yet", remedy: start)
                : HostCheck(.host, .skip, "There is nothing to collect yet")
        }
        if let cause = facts.cause {
            return HostCheck(.host, .fail, cause.message, remedy: cause.remedy?.steps.joined(separator: " "))
        }
        let age = time.now - tick
        if facts.mode == .run, let ended = facts.endedAt {
            let since = max(time.now - ended, .zero).spoken
            return HostCheck(.host, .warn, "It was stopped \(since) ago", remedy: start)
        }
        if facts.mode == .run, !isHeld {
            return HostCheck(
                .host,
                .warn,
                "It ended without a word: its last sign of life came \(max(age, .zero).spoken) ago",
                remedy: start
            )
        }
        let isLate = facts.mode == .once ? age > .days(1) : age > .minutes(2)
        guard isLate else {
            let words = facts.mode == .once ? "The last pass ended" : "It runs; its last sign of life came"
            return HostCheck(.host, .pass, "\(words) \(max(age, .zero).spoken) ago")
        }
        return HostCheck(.host, .warn, "Its last sign of life came \(age.spoken) ago", remedy: start)
    }

    /// A part that could not be looked at for want of another.
    package static func skipped(_ subject: HostCheck.Subject, _ other: String) -> HostCheck {
        HostCheck(subject, .skip, "Not looked at: \(other) cannot be used")
    }
}

extension Int64 {
    /// A number of bytes for people, such as `3.2 GiB`.
    fileprivate var spokenBytes: String {
        var (value, units) = (Double(self), ["B", "KiB", "MiB", "GiB", "TiB"][...])
        while value >= 1_024, units.count > 1 {
            value /= 1_024
            units.removeFirst()
        }
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10)" + (tenths % 10 == 0 ? "" : ".\(tenths % 10)") + " \(units.first ?? "B")"
    }
}
