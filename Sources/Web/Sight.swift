// SPDX-License-Identifier: Apache-2.0
package import Basics
package import Reporting
package import Status

/// What the pages show, and where they get it from.
package struct Sight: Sendable {
    let report: @Sendable () async throws -> StatusReport
    let history: @Sendable (_ customer: String?, _ now: Timestamp) async throws -> StatusHistory
    let sender: String?

    /// Shows what `report` and `history` tell; `sender` is whose pages they are.
    package init(
        sender: String? = nil,
        report: @escaping @Sendable () async throws -> StatusReport,
        history: @escaping @Sendable (_ customer: String?, _ now: Timestamp) async throws -> StatusHistory
    ) {
        self.sender = sender
        self.report = report
        self.history = history
    }
}
