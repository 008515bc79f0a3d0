// SPDX-License-Identifier: Apache-2.0
package import Basics
package import JSON

/// What was asked of the simulated cloud, for proving what a client did and did not do.
package final class RequestLog: Sendable {
    /// Which listener a request came to.
    package enum Listener: String, Sendable { case cloud, foreign }

    /// One request.
    package struct Entry: Sendable, Equatable {
        /// Its number, from 1.
        package var number: Int
        /// When it came, by the simulated clock.
        package var time: Timestamp
        /// Where it came to.
        package var listener: Listener
        /// The `Host` that the client named.
        package var host: String
        /// The HTTP method.
        package var method: String
        /// The path as sent.
        package var path: String
        /// The query as sent.
        package var query: String
        /// The operation.
        package var operation: Operation
        /// The tenant, as GUID where it is known.
        package var tenant: String
        /// The client id, where one was told.
        package var app: String
        /// Whether an `Authorization` header came.
        package var authorized: Bool
        /// The status of the answer; 0 where the connection was dropped.
        package var status: Int
        /// The bytes of the answer's body.
        package var bytes: Int
        /// The faults that acted.
        package var faults: [String]

        /// The entry as JSON.
        package var value: Value {
            [
                "number": .int(number), "time": .string(time.millisecondsText),
                "listener": .string(listener.rawValue),
                "host": .string(host), "method": .string(method), "path": .string(path),
                "query": .string(query),
                "operation": .string(operation.rawValue), "tenant": .string(tenant), "app": .string(app),
                "authorization": .bool(authorized), "status": .int(status), "bytes": .int(bytes),
                "faults": .array(faults.map { .string($0) }),
            ]
        }
    }

    private let kept: Locked<(entries: [Entry], next: Int)>
    private let limit: Int

    /// A log that forgets its oldest entries beyond `limit`.
    init(limit: Int) {
        self.limit = max(1, limit)
        kept = Locked(([], 1))
    }

    /// The entries, oldest first.
    package var entries: [Entry] { kept.withLock { $0.entries } }

    /// How many requests came in all.
    package var count: Int { kept.withLock { $0.next - 1 } }

    /// Forgets the entries.
    package func clear() { kept.withLock { $0.entries = [] } }

    /// Appends `entry` and numbers it.
    func append(_ entry: Entry) {
        kept.withLock { kept in
            var numbered = entry
            numbered.number = kept.next
            kept.next += 1
            kept.entries.append(numbered)
            // In large steps, so that a full log costs nothing per request.
            if kept.entries.count > limit + limit / 4 + 16 {
                kept.entries.removeFirst(kept.entries.count - limit)
            }
        }
    }
}
