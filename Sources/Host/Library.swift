// SPDX-License-Identifier: Apache-2.0
import Basics
package import Connectors
import Store

/// The definitions that a host works with, read anew when a person trusts one or a folder of the home's changes.
package final class Library: Sendable {
    private struct State: Sendable {
        var shelf: Shelf
        var trusts: [Trust]
    }

    private let state: Locked<State>

    /// Begins with `shelf`, whose trust is looked up with the first ``refresh(_:_:)``.
    package init(_ shelf: Shelf) { state = Locked(State(shelf: shelf, trusts: [])) }

    /// The definitions as they stand now.
    package var shelf: Shelf { state.withLock { $0.shelf } }

    /// Reads the home's definitions anew where they or the trust in them have changed; one that is not what was
    /// trusted is refused from here on, and comes back as soon as it is trusted.
    func refresh(_ ledger: any Ledger, _ log: Log) async throws {
        let trusts = try await ledger.trusts().filter { $0.kind == .connector }
        let known = state.withLock { $0 }
        guard trusts != known.trusts || known.shelf.isStale else { return }
        let shelf = known.shelf.reread().trusting(trusts.digests(of: .connector))
        state.withLock { $0 = State(shelf: shelf, trusts: trusts) }
        for item in shelf.items where !item.isShipped {
            log.info("a definition was read", ["connector": item.id, "trust": item.trust.rawValue])
        }
    }
}
