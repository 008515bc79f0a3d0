// SPDX-License-Identifier: Apache-2.0
import Connectors
import Store
import Wizard

extension Place {
    /// Every flow that stands ready, those shipped and those of the home; the latter untrusted.
    func flows(_ shelf: Shelf) throws -> FlowShelf {
        try FlowShelf(wizard(), home: home + "/wizard", shelf: shelf)
    }
}

extension Invocation {
    /// Every flow, those of the home trusted as its ledger says, where there is one.
    func flows(_ shelf: Shelf) async throws -> FlowShelf {
        let flows = try place.flows(shelf)
        guard let desk = try Desk.existing(self) else { return flows }
        return try await flows.trusting(desk.ledger)
    }
}
