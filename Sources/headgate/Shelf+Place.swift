// SPDX-License-Identifier: Apache-2.0
import Connectors
import Store

extension Place {
    /// Every connector that stands ready, those shipped and those of the home; the latter untrusted.
    func shelf() throws -> Shelf {
        try Shelf(shipped: connectors(), home: home + "/connectors", homeClouds: home + "/clouds.json")
    }
}

extension Desk {
    /// Every connector, those of the home trusted as its ledger says.
    func shelf(_ place: Place) async throws -> Shelf { try await place.shelf().trusting(ledger) }
}

extension Invocation {
    /// Every connector, those of the home trusted as its ledger says, where there is one.
    func shelf() async throws -> Shelf {
        guard let desk = try Desk.existing(self) else { return try place.shelf() }
        return try await desk.shelf(place)
    }

    /// The same for commands that only show: a ledger that cannot be read is said and leaves everything untrusted.
    func shownShelf() async throws -> Shelf {
        do { return try await shelf() } catch let failure as StoreFailure {
            say("What is trusted cannot be told: \(failure)")
            return try place.shelf()
        }
    }
}
