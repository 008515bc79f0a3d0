// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Delivering
import HTTPClient
import Host
import Identity
import Source
import Store

/// The way out to the services: one client, its tokens and quotas, shared by everything that this run asks.
struct Wiring: Sendable {
    let shelf: Shelf
    let shared: Session.Shared
    let tokens: Tokens
    let maker: SessionMaker
    let vault: Vault

    /// Goes by the desk's settings, or by others that are about to be put in their place.
    init(_ desk: Desk, _ place: Place, time: any TimeSource = SystemTime(), settings: Settings? = nil)
        async throws
    {
        let settings = settings ?? desk.settings
        let client = Client(
            Options(
                caFile: settings.caFile,
                proxy: settings.proxy,
                userAgent: "headgate/\(Headgate.version)"
            )
        )
        shelf = try await desk.shelf(place)
        shared = Session.Shared(transport: client, time: time)
        tokens = Tokens(transport: client, time: time)
        maker = SessionMaker(
            shared: shared,
            tokens: tokens,
            clouds: shelf.clouds,
            publisherID: settings.publisherId
        )
        vault = Vault(desk.home)
    }
}

extension Wiring {
    /// Rotates in the home of `desk`.
    func rotation(_ desk: Desk) -> Rotation {
        Rotation(ledger: desk.ledger, vault: vault, shelf: shelf, maker: maker, time: SystemTime())
    }

    /// Opens connections of `desk` for tests.
    func examiner(_ desk: Desk) -> Examiner {
        Examiner(ledger: desk.ledger, shelf: shelf, maker: maker, credentials: Credentials(vault))
    }
}

/// Everything that a host works with, opened in the order in which one thing relies on another.
struct Opening: Sendable {
    let station: Station
    let archive: Archive
    /// Held for as long as this process collects.
    private let lock: HostLock

    /// Takes the host lock first, so that two hosts never touch one journal.
    init(_ desk: Desk, _ place: Place, log: Log, time: any TimeSource = SystemTime()) async throws {
        lock = try HostLock(desk.home, time: time)
        let ledger = desk.ledger
        let wiring = try await Wiring(desk, place, time: time)
        try await wiring.vault.check()
        try await Leftovers.sweep(ledger, wiring.vault, now: time.now)
        let home = desk.home
        station = Station(
            home: home,
            ledger: ledger,
            committer: try await Committer(home: home, ledger: ledger, time: time, log: log),
            quarantine: Quarantine(home, time: time),
            shelf: wiring.shelf,
            sessions: Sessions(wiring.maker, Credentials(wiring.vault), ledger),
            vault: wiring.vault,
            time: time,
            log: log,
            version: Headgate.version,
            journalRetention: desk.settings.journalRetention,
            journalMaxBytes: desk.settings.journalMaxBytes,
            archiveRetention: desk.settings.archiveRetention,
            backUp: { now in _ = try await desk.ledger.backup(of: home, now: now) }
        )
        archive = Archive(home: home, ledger: ledger, time: time, log: log)
    }
}
