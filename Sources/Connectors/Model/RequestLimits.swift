// SPDX-License-Identifier: Apache-2.0
import Basics

/// The bounds of every request of a connection.
package struct RequestLimits: Sendable, Equatable {
    /// How long one request may take.
    package let timeout: Duration
    /// How many items are fetched at a time.
    package let concurrency: Int
    /// The largest body that is taken, in bytes.
    package let maxBody: Int
}

extension RequestLimits {
    /// What holds where a definition says nothing.
    static let usual = RequestLimits(timeout: .seconds(60), concurrency: 32, maxBody: 256 << 20)

    init(_ node: Node) {
        var fields = Fields(node)
        timeout =
            fields.optional("timeout")?.span(atLeast: .seconds(1), atMost: .minutes(10)) ?? Self.usual.timeout
        concurrency = fields.optional("concurrency")?.whole(1...256) ?? Self.usual.concurrency
        maxBody = fields.optional("maxBody")?.whole(1_024...(256 << 20)) ?? Self.usual.maxBody
        fields.end()
    }
}
