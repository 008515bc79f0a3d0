// SPDX-License-Identifier: Apache-2.0
import Basics
import Glibc

/// The folder in which all state lives, and the names of everything in it.
package struct Home: Sendable, Equatable {
    /// The folder itself, absolute.
    package let path: String

    private init(path: String) { self.path = path }

    /// The ledger's database.
    package var ledger: String { path + "/ledger.sqlite" }
    /// The encrypted secrets.
    package var vault: String { path + "/vault" }
    /// The key of the vault, where no service manager hands one over.
    package var vaultKey: String { path + "/vault.key" }
    /// The file that the host locks.
    package var hostLock: String { path + "/host.lock" }
    /// Room set aside for the ledger on a full disk.
    package var reserve: String { path + "/reserve" }
    /// The configuration that people write.
    package var config: String { path + "/config.json" }
    /// The digest of the token that the served pages ask for.
    package var webToken: String { path + "/web.token" }
    /// Clouds added or overridden here.
    package var clouds: String { path + "/clouds.json" }
    /// Definitions of the user's own.
    package var connectors: String { path + "/connectors" }
    /// Flows of the user's own.
    package var wizard: String { path + "/wizard" }
    /// Locks of the flows that somebody is walking through.
    package var flows: String { path + "/flows" }
    /// The journal's segments.
    package var journal: String { path + "/journal" }
    /// The files of the default destination.
    package var archive: String { path + "/archive" }
    /// Bodies that could not be understood.
    package var quarantine: String { path + "/quarantine" }
    /// Copies of the ledger.
    package var backup: String { path + "/backup" }

    /// Opens the home at `path`, making it and its folders where they are not there yet.
    ///
    /// Refuses a home, or a file in it that holds state or secrets, which others may get at. Files that people write,
    /// such as definitions, lie behind the home's own mode and may only not be writable by others.
    package static func open(_ path: String) throws(StoreFailure) -> Home {
        let home = Home(path: path)
        try Files.makeFolder(path, parents: true)
        try home.check(path, allowed: 0o700)
        for folder in [
            home.journal, home.archive, home.quarantine, home.backup, home.connectors, home.wizard,
            home.flows,
        ] {
            try Files.makeFolder(folder)
        }
        try home.checkAll()
        try home.checkLedger()
        return home
    }

    /// Opens the home at `path` only if it is there already; `nil` where nothing was ever set up.
    package static func openExisting(_ path: String) throws(StoreFailure) -> Home? {
        guard FileFacts(path) != nil else { return nil }
        let home = Home(path: path)
        guard FileFacts(home.ledger) != nil else {
            try home.check(path, allowed: 0o700)
            try home.checkLedger()
            return nil
        }
        return try open(path)
    }

    /// The home at `path` as it stands, nothing made and nothing refused; `nil` where nothing was ever set up.
    package static func standing(at path: String) -> Home? {
        let home = Home(path: path)
        return FileFacts(home.ledger) == nil ? nil : home
    }

    /// What is wrong where the ledger of the home at `path` is gone; `nil` where it is there, or nothing ever was.
    package static func lostLedger(at path: String) -> StoreFailure? {
        do throws(StoreFailure) {
            try Home(path: path).checkLedger()
            return nil
        } catch { return error }
    }

    /// Everything of the home that others may get at.
    package var faults: [StoreFailure] {
        ([(path, 0o700)] + items).compactMap { item, allowed in
            do throws(StoreFailure) {
                try check(item, allowed: allowed)
                return nil
            } catch { return error }
        }
    }

    /// Everything in it with the widest mode that it may have.
    private var items: [(path: String, allowed: UInt32)] {
        [journal, archive, quarantine, backup, flows].map { ($0, 0o700) }
            + [ledger, vault, vaultKey, hostLock, reserve, webToken].map { ($0, 0o600) }
            + [config, clouds, connectors, wizard].map { ($0, 0o755) }
    }

    /// Refuses a home whose ledger is gone while what it accounts for is there: under a new ledger, which knows of nothing,
    /// the journal would be cut and the vault swept.
    private func checkLedger() throws(StoreFailure) {
        guard FileFacts(ledger) == nil else { return }
        let copies = Files.names(in: backup).filter { $0.hasPrefix("ledger-") && $0.hasSuffix(".sqlite") }
        let journals = Files.names(in: journal).contains { (Files.size(journal + "/" + $0) ?? 0) > 0 }
        guard journals || !copies.isEmpty || FileFacts(vault) != nil || !Files.names(in: archive).isEmpty
        else {
            return
        }
        throw .ledgerGone(path: ledger, copy: copies.max().map { backup + "/" + $0 })
    }

    /// Whether it is empty or holds something that Headgate keeps.
    private var isOurs: Bool {
        let names = Files.names(in: path)
        return names.isEmpty
            || [ledger, vault, vaultKey, hostLock, config, clouds].contains { FileFacts($0) != nil }
    }

    private func checkAll() throws(StoreFailure) {
        for item in items { try check(item.path, allowed: item.allowed) }
    }

    private func check(_ item: String, allowed: UInt32) throws(StoreFailure) {
        guard let facts = FileFacts(item) else { return }
        let mode = facts.mode & 0o777
        guard item != path || facts.kind == .folder else {
            throw .noHome(path: item, reason: "it is no folder")
        }
        guard mode & 0o077 & ~allowed == 0 else {
            // Whoever named another folder by mistake must not be told to lock others out of it.
            guard item != path || isOurs else {
                throw .noHome(path: item, reason: "it holds other things, and others may read it")
            }
            throw .tooWide(path: item, mode: mode)
        }
    }
}
