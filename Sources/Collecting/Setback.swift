// SPDX-License-Identifier: Apache-2.0
import Basics
package import Connectors
package import Store

/// Why a window, an item or a whole cycle could not go on.
package struct Setback: Error, Sendable, Equatable {
    /// What the machine does about it.
    package var action: FaultAction
    package var faultClass: FaultClass
    package var code: String?
    package var message: String
    /// What a person does about it.
    package var remedy: Remedy?
    /// When it may be tried again, where the source or a quota said so.
    package var after: Duration?
    /// Whether what was asked for is missing for good.
    package var isGap: Bool
    /// Whether the bytes came and are kept in quarantine.
    package var isHeld = false
    /// What was stored before it came to this.
    package var committed = Committed()

    /// Puts it together from its parts.
    package init(
        _ faultClass: FaultClass,
        _ action: FaultAction,
        code: String? = nil,
        message: String,
        remedy: Remedy? = nil,
        after: Duration? = nil,
        isGap: Bool = false
    ) {
        self.faultClass = faultClass
        self.action = action
        self.code = code
        self.message = message
        self.remedy = remedy
        self.after = after
        self.isGap = isGap
    }

    /// Takes over what the definition's rules say of an answer.
    package init(_ verdict: Verdict, _ remedy: Remedy? = nil, after: Duration? = nil) {
        self.init(
            verdict.faultClass,
            verdict.action,
            code: verdict.code,
            message: verdict.message,
            remedy: remedy,
            after: after,
            isGap: verdict.isGap
        )
    }

    /// Whether the trouble lies in the one item, so that it is parked and the queue goes on without it.
    package var isOfTheItem: Bool {
        switch faultClass {
        case .transient, .shape, .gone, .bug, .network: after == nil
        default: false
        }
    }
}
