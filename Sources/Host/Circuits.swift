// SPDX-License-Identifier: Apache-2.0
package import Collecting
import Connectors
package import Status

/// Keeps a connection that cannot be reached, or is refused as a whole, from being asked by all of its streams.
///
/// Once a stream met such a trouble, it alone looks again; when it succeeds, the others are asked at once. A pure
/// value: the host asks before it starts a cycle and tells how each ended.
package struct Circuits: Sendable {
    private var open: [ConnectionKey: StreamKey] = [:]

    /// Starts with every connection in good standing.
    package init() {}

    /// Whether a cycle of `stream` may start; others of its connection wait while one looks.
    package func allows(_ stream: StreamKey) -> Bool {
        guard let looking = open[stream.owner] else { return true }
        return looking == stream
    }

    /// Notes how a cycle ended; `true` where the connection has come back and its other streams should be asked.
    ///
    /// Only troubles that all streams of a connection share open a circuit, and only after each had its own first
    /// failure: a stream that was never asked would have nothing true to show.
    package mutating func ended(_ stream: StreamKey, _ end: CycleEnd, failures: Int) -> Bool {
        guard let setback = end.setback, setback.isOfTheConnection else {
            return open[stream.owner] == stream && open.removeValue(forKey: stream.owner) != nil
        }
        if open[stream.owner] == nil, failures > 1 { open[stream.owner] = stream }
        return false
    }

    /// Lets every stream of a connection be asked again, such as after a person put something right.
    package mutating func close(_ stream: StreamKey) { open[stream.owner] = nil }

    /// Forgets a stream that is no longer collected, so that another may look in its place.
    package mutating func drop(_ stream: StreamKey) {
        if open[stream.owner] == stream { open[stream.owner] = nil }
    }
}

extension StreamKey {
    /// The connection it belongs to.
    fileprivate var owner: ConnectionKey { ConnectionKey(customer: customer, connection: connection) }
}

extension Setback {
    /// Whether the trouble meets every stream of the connection alike.
    fileprivate var isOfTheConnection: Bool {
        action == .blockConnection || faultClass == .auth || faultClass == .network
    }
}
