// SPDX-License-Identifier: Apache-2.0

/// How a ``Client`` reaches the world.
package struct Options: Sendable {
    /// A PEM file of certificate authorities that are trusted beside the system's own.
    package var caFile: String?
    /// A proxy's URL; without one the usual variables decide (`https_proxy`, `http_proxy`, `all_proxy`, `no_proxy`).
    package var proxy: String?
    package var userAgent: String
    /// Connections to one host at a time; one connection carries many exchanges where HTTP/2 is spoken.
    package var maxConnectionsPerHost: Int
    /// Connections in all.
    package var maxConnections: Int
    package var connectTimeLimit: Duration

    /// Starts from what suits nearly everybody.
    package init(
        caFile: String? = nil,
        proxy: String? = nil,
        userAgent: String = "headgate",
        maxConnectionsPerHost: Int = 64,
        maxConnections: Int = 1_024,
        connectTimeLimit: Duration = .seconds(15)
    ) {
        self.caFile = caFile
        self.proxy = proxy
        self.userAgent = userAgent
        self.maxConnectionsPerHost = maxConnectionsPerHost
        self.maxConnections = maxConnections
        self.connectTimeLimit = connectTimeLimit
    }
}
