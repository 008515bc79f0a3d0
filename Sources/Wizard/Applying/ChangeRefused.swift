// SPDX-License-Identifier: Apache-2.0
import Source

/// A change that could not be made.
struct ChangeRefused: Error {
    /// What the service answered, where it was the service.
    let reply: Source.Reply?
    let reason: String
    var isCancelled = false

    init(reply: Source.Reply?, reason: String = "the service refused") {
        self.reply = reply
        self.reason = reason
    }

    /// The walk was left in the middle.
    static var cancelled: ChangeRefused {
        var refused = ChangeRefused(reply: nil, reason: "it was left")
        refused.isCancelled = true
        return refused
    }
}
