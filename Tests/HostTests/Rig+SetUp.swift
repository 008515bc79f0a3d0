// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import HTTPClient
import Host
import Identity
import JSON
import Source
import Store
import Testing

extension Rig {
    /// Gives the connection the identity and version that adding it would have given it, and the vault its secret.
    func identify() async throws {
        var known = try #require(try await ledger.connection(connection))
        let definition = try station.shelf.definition(known.connector)
        let entered = known.credentials
        known.identity = definition.identity(cloud: known.cloud) { entered[$0]?.stringValue }
        known.version = definition.version
        try await ledger.write([.connection(known)])
        try await Vault(home, credentials: nil).put(Secret(Self.secret), "r1", .current)
    }

    /// What adds and changes connections of this home.
    var onboarding: Onboarding {
        let client = Client()
        let maker = SessionMaker(
            shared: Session.Shared(transport: client, time: time),
            tokens: Tokens(transport: client, time: time),
            clouds: station.shelf.clouds,
            publisherID: nil
        )
        return Onboarding(
            ledger: ledger,
            vault: Vault(home, credentials: nil),
            shelf: station.shelf,
            maker: maker,
            fallbacks: [:],
            time: time
        )
    }
}
