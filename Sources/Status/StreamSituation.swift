// SPDX-License-Identifier: Apache-2.0
package import Basics

/// Everything the evaluator looks at for one stream.
package struct StreamSituation: Sendable, Equatable {
    package var key: StreamKey
    package var facts: StreamFacts
    package var thresholds: Thresholds
    package var hold: Hold?
    /// The watermark computed from the coverage rows; `nil` for a stream without windows.
    package var watermark: Timestamp?
    package var itemsPending: Int
    package var gapsOpen: Int

    /// Puts it together from its parts.
    package init(
        key: StreamKey,
        facts: StreamFacts,
        thresholds: Thresholds,
        hold: Hold? = nil,
        watermark: Timestamp? = nil,
        itemsPending: Int = 0,
        gapsOpen: Int = 0
    ) {
        self.key = key
        self.facts = facts
        self.thresholds = thresholds
        self.hold = hold
        self.watermark = watermark
        self.itemsPending = itemsPending
        self.gapsOpen = gapsOpen
    }
}
