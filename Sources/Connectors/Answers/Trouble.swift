// SPDX-License-Identifier: Apache-2.0

/// What can go wrong on the way to an answer, or with an answer whatever its status.
package enum Trouble: String, Sendable, CaseIterable {
    /// The host's name is not known.
    case resolve
    /// Nobody listens there.
    case connect
    /// The proxy refused.
    case proxy
    /// The server could not prove who it is.
    case tls
    /// The answer did not come in time.
    case timedOut = "timed-out"
    /// The connection broke off.
    case reset
    /// The answer ended early.
    case truncated
    /// The answer is larger than is taken.
    case tooLarge = "too-large"
    /// The request could not be put together.
    case invalidRequest = "invalid-request"
    /// The server does not speak HTTP as it should.
    case protocolError = "protocol"
    /// The answer is no JSON, or not of the shape that was promised.
    case malformed
    /// The next page is at an address that no token may go to.
    case foreignPage = "foreign-page"
    /// The source sent us to a page we have been to.
    case pageLoop = "page-loop"
    /// The list has more pages than the definition allows.
    case tooManyPages = "too-many-pages"
}
