// SPDX-License-Identifier: Apache-2.0
package import Basics
package import JSON

/// Where a person's walk through a flow stands, so that it can be taken up again after the process has gone.
///
/// It never holds a secret: a credential that was typed or made on the way rests in the vault under ``vaultEntry``.
package struct FlowRecord: Sendable, Equatable {
    /// Names the walk; what it makes elsewhere carries this name.
    package var id: String
    /// The flow's id.
    package var flow: String
    package var begun: Timestamp
    package var touched: Timestamp
    /// Answers, and what was changed, in the words of whoever runs the flow.
    package var body: Value

    /// For how long a walk that nobody takes up again is kept.
    package static let kept = Duration.days(30)

    /// Puts it together from its parts.
    package init(id: String, flow: String, begun: Timestamp, touched: Timestamp, body: Value) {
        self.id = id
        self.flow = flow
        self.begun = begun
        self.touched = touched
        self.body = body
    }

    /// The name under which the vault keeps what was typed or made on the way.
    package var vaultEntry: String { Self.vaultEntry(id) }

    /// The same for the walk of that id.
    package static func vaultEntry(_ id: String) -> String { "flow:" + id }
}
