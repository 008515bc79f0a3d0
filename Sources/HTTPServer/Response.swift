// SPDX-License-Identifier: Apache-2.0

/// What to answer, and how the answer ends.
package struct Response: Sendable {
    package var status: Int
    /// Fields to send; `Content-Length` is set by the server, `Date` only where none is given.
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]
    package var ending: Ending

    /// Answers with `status`; whole unless `ending` says otherwise.
    package init(
        status: Int = 200,
        headers: [(name: String, value: String)] = [],
        body: [UInt8] = [],
        ending: Ending = .complete
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.ending = ending
    }

    /// An answer of JSON text.
    package static func json(_ text: String, status: Int = 200) -> Response {
        Response(
            status: status,
            headers: [("Content-Type", "application/json; charset=utf-8")],
            body: Array(text.utf8)
        )
    }

    /// An answer of plain text.
    package static func text(_ text: String, status: Int = 200) -> Response {
        Response(
            status: status,
            headers: [("Content-Type", "text/plain; charset=utf-8")],
            body: Array(text.utf8)
        )
    }
}

/// How an answer ends, for rehearsing faults.
package enum Ending: Sendable, Equatable {
    /// Whole, as it should be.
    case complete
    /// The connection is dropped and nothing is answered.
    case reset
    /// The whole length is promised and the connection closed after this many bytes of body.
    case truncated(after: Int)
}
