// SPDX-License-Identifier: Apache-2.0

/// Why an exchange brought no whole response.
package struct Failure: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kinds of trouble that callers tell apart.
    package enum Code: String, Sendable, CaseIterable {
        /// The host's name has no address here.
        case resolve
        /// Nobody took the connection.
        case connect
        /// The proxy could not be reached or refused.
        case proxy
        /// The secure connection could not be agreed, or the server's certificate is not trusted.
        case tls
        /// A time limit passed.
        case timedOut
        /// The connection ended before an answer had begun, or was cut by the other side.
        case reset
        /// The answer ended before its promised length.
        case truncated
        /// The body is larger than the request allows.
        case bodyTooLarge
        /// The request cannot be sent as it is.
        case invalidRequest
        /// What came is not HTTP as it should be.
        case protocolError
        /// The client was stopped.
        case stopped
    }

    package let code: Code
    /// What happened, in plain words; never holds a secret.
    package let detail: String

    /// Says what kind of trouble it was and, in plain words, what happened.
    package init(_ code: Code, _ detail: String) {
        self.code = code
        self.detail = detail
    }

    /// Says what kind of trouble it was and, in plain words, what happened.
    package init(code: Code, detail: String) { self.init(code, detail) }

    package var description: String { detail }
}
