// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
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

    init(_ desk: Desk, _ place: Place, time: any TimeSource = SystemTime()) throws {
        let settings = desk.settings
        let client = Client(
            Options(
                caFile: settings.caFile,
                proxy: settings.proxy,
                userAgent: "headgate/\(Headgate.version)"
            )
        )
        shelf = try place.shelf()
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
