// SPDX-License-Identifier: Apache-2.0

/// One HTTP exchange to make.
package struct Request: Sendable {
    package var method: String
    package var url: String
    package var headers: [Header]
    package var body: [UInt8]
    /// The whole exchange's time limit, waiting for a free connection included.
    package var timeLimit: Duration
    /// Bytes of decoded body after which the exchange is given up.
    package var bodyLimit: Int

    /// Asks for `url`; every other part has its usual value.
    package init(
        method: String = "GET",
        url: String,
        headers: [Header] = [],
        body: [UInt8] = [],
        timeLimit: Duration = .seconds(60),
        bodyLimit: Int = 256 << 20
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeLimit = timeLimit
        self.bodyLimit = bodyLimit
    }
}

/// One header field of a request or a response.
package struct Header: Sendable, Hashable {
    package var name: String
    package var value: String

    /// Pairs a name with its value; both are checked when they are sent.
    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// Pairs a name with its value; both are checked when they are sent.
    package init(name: String, value: String) { self.init(name, value) }
}
