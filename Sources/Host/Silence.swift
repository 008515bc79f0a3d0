// SPDX-License-Identifier: Apache-2.0
package import Basics
package import Status

/// Notices when every stream of a connection has fallen silent at once, as it does when logging was switched off.
///
/// An empty answer is neither an error nor a success: the source is then asked to say how things stand.
package enum Silence {
    /// How long all must have been silent.
    package static let threshold = Duration.hours(2)
    /// How long an answer is believed.
    package static let patience = Duration.hours(6)

    /// Whether the source should be asked, given the facts of all collecting streams of one connection.
    ///
    /// Streams that never had a record say nothing, and one that has a trouble of its own is asked anyway.
    package static func isSuspicious(_ facts: [StreamFacts], lastAsked: Timestamp?, now: Timestamp) -> Bool {
        if let lastAsked, now - lastAsked < patience { return false }
        let speaking = facts.filter { $0.everHadRecord }
        guard !speaking.isEmpty, facts.allSatisfy({ $0.cause == nil && $0.lastSuccess != nil }) else {
            return false
        }
        return speaking.allSatisfy { fact in
            guard let last = fact.lastRecordStored, let success = fact.lastSuccess else { return false }
            return success - last >= threshold
        }
    }
}
