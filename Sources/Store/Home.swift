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
    /// Clouds added or overridden here.
    package var clouds: String { path + "/clouds.json" }
    /// Definitions of the user's own.
    package var connectors: String { path + "/connectors" }
    /// Flows of the user's own.
    package var wizard: String { path + "/wizard" }
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
        ] {
            try Files.makeFolder(folder)
        }
        try home.checkAll()
        return home
    }

    /// Opens the home at `path` only if it is there already; `nil` where nothing was ever set up.
    package static func openExisting(_ path: String) throws(StoreFailure) -> Home? {
        guard FileFacts(path) != nil else { return nil }
        let home = Home(path: path)
        guard FileFacts(home.ledger) != nil else {
            try home.check(path, allowed: 0o700)
            return nil
        }
        return try open(path)
    }

    private func checkAll() throws(StoreFailure) {
        for folder in [journal, archive, quarantine, backup] { try check(folder, allowed: 0o700) }
        for file in [ledger, vault, vaultKey, hostLock, reserve] { try check(file, allowed: 0o600) }
        for item in [config, clouds, connectors, wizard] { try check(item, allowed: 0o755) }
    }

    private func check(_ item: String, allowed: UInt32) throws(StoreFailure) {
        guard let facts = FileFacts(item) else { return }
        let mode = facts.mode & 0o777
        guard mode & 0o077 & ~allowed == 0 else { throw .tooWide(path: item, mode: mode) }
        guard item != path || facts.kind == .folder else {
            throw .noHome(path: item, reason: "it is no folder")
        }
    }
}
