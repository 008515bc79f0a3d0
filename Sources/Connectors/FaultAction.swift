// SPDX-License-Identifier: Apache-2.0

/// What the machine does about an answer that an error rule recognised.
package enum FaultAction: String, Sendable, CaseIterable {
    /// Goes on as if the request had succeeded.
    case succeed
    /// Goes on without what was asked for.
    case ignore
    /// Asks again after a growing, jittered pause.
    case retry
    /// Asks again after the pause the answer names.
    case wait
    /// Fetches a new token, at most `maxRefresh` times a token, and asks again.
    case refreshToken = "refresh-token"
    /// Forgets what is known of the preparation steps and performs them again.
    case resubscribe
    /// Gives this one item up and goes on with the next.
    case skipItem = "skip-item"
    /// Starts the window again from its first page.
    case resetPaging = "reset-paging"
    /// Halves the window and starts it again.
    case splitWindow = "split-window"
    /// Stops this stream until a person acts.
    case blockStream = "block-stream"
    /// Stops every stream of the connection until a person acts.
    case blockConnection = "block-connection"
}
