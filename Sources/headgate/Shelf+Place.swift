// SPDX-License-Identifier: Apache-2.0
import Connectors

extension Place {
    /// Every connector that stands ready, those shipped and those of the home.
    func shelf() throws -> Shelf {
        try Shelf(shipped: connectors(), home: home + "/connectors", homeClouds: home + "/clouds.json")
    }
}
