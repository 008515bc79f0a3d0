// SPDX-License-Identifier: Apache-2.0
import Host
import Store

/// The home with its ledger open, as the commands beside a running host use it: short transactions, never the journal.
struct Desk: Sendable {
    let home: Home
    let ledger: SQLiteLedger
    let settings: Settings

    /// The home as it is; `nil` where nothing was ever set up.
    static func existing(_ invocation: Invocation) throws -> Desk? {
        guard let home = try Home.openExisting(invocation.place.home) else { return nil }
        return try Desk(home, invocation.place)
    }

    /// The home as it is, for commands that mean nothing without one.
    static func required(_ invocation: Invocation) throws -> Desk {
        guard let desk = try existing(invocation) else {
            throw Stop(
                .usage,
                "Nothing is set up in \(invocation.place.home): begin with headgate onboard, or name another "
                    + "home with --home."
            )
        }
        return desk
    }

    /// The home, made if it is not there yet.
    static func made(_ invocation: Invocation) throws -> Desk {
        try Desk(Home.open(invocation.place.home), invocation.place)
    }

    /// The home as it stands, for those who change nothing of it.
    init(standing home: Home, _ place: Place) throws { try self.init(home, place) }

    private init(_ home: Home, _ place: Place) throws {
        self.home = home
        settings = try Self.settings(place)
        ledger = try SQLiteLedger(home: home)
    }

    /// The settings of config.json; the defaults where there is none.
    static func settings(_ place: Place) throws -> Settings {
        let path = place.home + "/config.json"
        guard ReadFile.exists(path) else { return Settings() }
        return try Settings(parsing: ReadFile.bytes(path), path: path)
    }
}
