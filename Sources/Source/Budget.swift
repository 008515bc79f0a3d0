// SPDX-License-Identifier: Apache-2.0

/// Bounds what is under way: requests of a connection, requests of all, and bytes held of their answers.
///
/// Waiters are served in the order of asking. One whose connection is at its own limit lets others pass; one that
/// waits for bytes does not, or it would wait for ever.
package actor Budget {
    /// What one request holds.
    package struct Room: Sendable, Equatable {
        fileprivate let id: Int
        /// The bytes set aside for the answer.
        package let bytes: Int
    }

    private struct Held {
        let connection: String
        let kind: String
        var bytes: Int
        /// What it counts in its connection's share: what is usual while it travels, then what came.
        var weight: Int
        var isTravelling = true
    }

    private struct Waiter {
        let id: Int
        let connection: String
        let limit: Int
        let bytes: Int
        let kind: String
        let continuation: CheckedContinuation<Void, any Error>
    }

    private let most: Int
    private let mostBytes: Int
    private var held: [Int: Held] = [:]
    private var queue: [Waiter] = []
    private var travelling = 0
    private var travellingOf: [String: Int] = [:]
    private var heldOf: [String: Int] = [:]
    private var lastID = 0
    private var sizes: [String: Int] = [:]
    private var usualSizes: [String: Int] = [:]
    /// The kinds of requests of each connection that holds something.
    private var kindsOf: [String: Set<String>] = [:]
    private var weightOf: [String: Int] = [:]
    /// The bytes set aside or held at present.
    package private(set) var bytesHeld = 0

    /// The least that is set aside for an answer; with all requests under way it makes up the whole budget.
    package static let least = 512 << 10

    /// At most `most` requests and `mostBytes` bytes at a time.
    package init(most: Int = 256, mostBytes: Int = 128 << 20) {
        self.most = most
        self.mostBytes = mostBytes
    }

    /// How many requests are under way.
    package var count: Int { travelling }
    /// The kinds of requests whose usual size is known; none once nothing is under way or held.
    package var kindsKnown: Set<String> { Set(usualSizes.keys) }
    /// How many wait.
    package var waiting: Int { queue.count }

    /// Waits for room.
    ///
    /// `limit` bounds the requests of `connection`, and so does its share of the bytes, by what answers of this `kind`
    /// usually have; an answer larger than the whole budget waits until it is alone.
    package func enter(_ connection: String, limit: Int, bytes: Int, kind: String = "") async throws -> Room {
        try Task.checkCancellation()
        lastID += 1
        let id = lastID
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation {
                (continuation: CheckedContinuation<Void, any Error>) in
                guard !Task.isCancelled else { return continuation.resume(throwing: CancellationError()) }
                queue.append(
                    Waiter(
                        id: id,
                        connection: connection,
                        limit: limit,
                        bytes: bytes,
                        kind: kind,
                        continuation: continuation
                    )
                )
                serve()
            }
        } onCancel: {
            Task { await self.abandon(id) }
        }
        return Room(id: id, bytes: bytes)
    }

    /// Notes that the answer is there: the request is over, and only its own bytes stay held.
    package func arrived(_ room: Room, bytes: Int) {
        guard var place = held[room.id] else { return }
        if place.isTravelling { stopTravelling(place.connection) }
        place.isTravelling = false
        bytesHeld += bytes - place.bytes
        place.bytes = bytes
        weightOf[place.connection, default: 0] += bytes - place.weight
        place.weight = bytes
        held[room.id] = place
        serve()
    }

    /// Gives everything of `room` back.
    package func leave(_ room: Room) {
        guard let place = held.removeValue(forKey: room.id) else { return }
        if place.isTravelling { stopTravelling(place.connection) }
        let left = (heldOf[place.connection] ?? 1) - 1
        heldOf[place.connection] = left > 0 ? left : nil
        weightOf[place.connection, default: 0] -= place.weight
        if left == 0 {
            weightOf[place.connection] = nil
            for kind in kindsOf.removeValue(forKey: place.connection) ?? [] { usualSizes[kind] = nil }
        }
        bytesHeld -= place.bytes
        serve()
    }

    /// The bytes to set aside for the next answer of this kind, after those that have come.
    package func expected(_ kind: String) -> Int { sizes[kind] ?? Self.least }

    /// Notes the size of an answer of this kind; what is expected grows at once and shrinks slowly.
    package func learn(_ kind: String, bytes: Int) {
        usualSizes[kind] = usualSizes[kind].map { ($0 * 7 + bytes) / 8 } ?? bytes
        let size = max(bytes + bytes / 4, expected(kind) / 8 * 7, Self.least)
        sizes[kind] = size == Self.least ? nil : size
    }

    /// What answers of a kind are taken to have before any came.
    private var unknown: Int { mostBytes / 1024 }
    /// One connection's share of the bytes, of which one far source already makes more than a disk takes.
    ///
    /// It bounds what a host with one busy connection holds, as lines as well as bodies: a larger share was not faster.
    private var share: Int { mostBytes / 32 }

    /// Answers that came and are not stored yet, beside those under way: one busy connection stays small.
    private static func mostHeld(_ limit: Int) -> Int { limit + max(1, limit / 8) }

    private func stopTravelling(_ connection: String) {
        travelling -= 1
        let left = (travellingOf[connection] ?? 1) - 1
        travellingOf[connection] = left > 0 ? left : nil
    }

    private func abandon(_ id: Int) {
        guard let index = queue.firstIndex(where: { $0.id == id }) else { return }
        queue.remove(at: index).continuation.resume(throwing: CancellationError())
        serve()
    }

    private func serve() {
        var index = 0
        while index < queue.count, travelling < most {
            let waiter = queue[index]
            let usual = usualSizes[waiter.kind] ?? unknown
            guard travellingOf[waiter.connection, default: 0] < waiter.limit,
                heldOf[waiter.connection, default: 0] < Self.mostHeld(waiter.limit),
                heldOf[waiter.connection] == nil
                    || weightOf[waiter.connection, default: 0] + usual <= share
            else {
                index += 1
                continue
            }
            guard bytesHeld == 0 || bytesHeld + waiter.bytes <= mostBytes else { return }
            queue.remove(at: index)
            travelling += 1
            travellingOf[waiter.connection, default: 0] += 1
            heldOf[waiter.connection, default: 0] += 1
            bytesHeld += waiter.bytes
            weightOf[waiter.connection, default: 0] += usual
            kindsOf[waiter.connection, default: []].insert(waiter.kind)
            held[waiter.id] = Held(
                connection: waiter.connection,
                kind: waiter.kind,
                bytes: waiter.bytes,
                weight: usual
            )
            waiter.continuation.resume()
        }
    }
}
