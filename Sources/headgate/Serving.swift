// SPDX-License-Identifier: Apache-2.0
import Basics
import HTTPServer
import JSON
import Store
import Host
import Reporting
import Status
import Web

/// The pages as a running host serves them.
enum Serving {
    /// Runs a host and serves its pages, until cancelled or until one of them fails.
    static func serve(_ host: Running, _ listener: Listener?) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await host.run() }
            if let listener { group.addTask { try await listener.run() } }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// Listens at `address` for requests to it or to one of `names`.
    ///
    /// Whoever may be beyond this machine shows the token: also one that a proxy leads here under a name of its own.
    static func listener(
        _ address: ListenAddress,
        names: [String] = [],
        _ desk: Desk,
        _ place: Place
    ) throws -> Listener {
        let isOpen = address.isLoopback && names.isEmpty
        let path = desk.home.webToken
        guard isOpen || ReadFile.exists(path) else {
            throw Stop(
                .refused,
                "Beyond this machine the pages ask for a token, and there is none yet: make one with headgate config token."
            )
        }
        let shelf = try place.shelf()
        let sight = Sight(
            sender: desk.settings.value("branding")?["name"]?.stringValue,
            report: { try await StatusView.report(desk, shelf, now: SystemTime().now) },
            history: { try await StatusHistory.of(desk.ledger, customer: $0, now: $1) }
        )
        let digest: (@Sendable () -> [UInt8]?)? =
            isOpen
            ? nil
            : { @Sendable in (try? ReadFile.bytes(path, most: 4 << 10)).flatMap(AccessToken.digest(inRecord:))
            }
        let site = Site(sight, door: Door(names: names, digest: digest), time: SystemTime())
        do {
            return try Listener(address, site, time: SystemTime())
        } catch {
            throw Stop(.refused, "\(error.description): choose another with --listen ADDRESS:PORT.")
        }
    }
}
