// SPDX-License-Identifier: Apache-2.0
import Basics

/// One blob of one type of one tenant.
struct Blob: Sendable {
    /// What it holds.
    enum Content: Sendable {
        /// Generated events, with those of another blob before them if it brings them again.
        case generated(count: Int, again: Int?)
        case lines([[UInt8]])
        case body([UInt8])
    }

    /// Its place in the series, which also is in its id.
    let index: Int
    let created: Timestamp
    /// When it can first be seen; later than `created` for a late one.
    let visible: Timestamp
    let content: Content
}

/// All blobs of one type of one tenant: planned, coming as time passes, and placed.
///
/// Nothing of a blob but its time is kept; its bytes are made when they are asked for.
struct BlobSeries: Sendable {
    private static let firstLive = 100_000
    private static let firstPlaced = 900_000

    let type: ContentType
    private let plan: Scenario.ContentPlan
    private let start: Timestamp
    /// When each planned blob was created, in order.
    private let times: [Timestamp]
    private(set) var placed: [Blob] = []

    init(_ plan: Scenario.ContentPlan, type: ContentType, tenant: String, seed: UInt64, start: Timestamp) {
        self.plan = plan
        self.type = type
        self.start = start
        var random = SeededRandom(seed: seed, "times", tenant, type.rawValue)
        let count = min(plan.blobs, Self.firstLive)
        let first = (start - plan.newest - plan.spread).milliseconds
        let step = count > 0 ? Double(plan.spread.wholeNanoseconds) / 1e6 / Double(count) : 0
        times = (0..<count).map { index in
            Timestamp(milliseconds: first + Int64((Double(index) + random.fraction()) * step))
        }
    }

    /// Puts a blob at an exact place and answers its index.
    @discardableResult
    mutating func place(created: Timestamp, visible: Timestamp?, _ content: Blob.Content) -> Int {
        let exact = Timestamp(milliseconds: created.milliseconds)
        let blob = Blob(
            index: Self.firstPlaced + placed.count,
            created: exact,
            visible: max(exact, visible ?? exact),
            content: content
        )
        placed.append(blob)
        return blob.index
    }

    /// The blobs created in `span` that can be seen at `now`, in the order in which they could.
    func blobs(from: Timestamp, to end: Timestamp, now: Timestamp) -> [Blob] {
        var found: [Blob] = []
        var index = firstPlanned(from)
        while index < times.count, times[index] < end {
            found.append(planned(index))
            index += 1
        }
        if let live = plan.live, live.every > .zero {
            let every = live.every.wholeNanoseconds
            var count = max(0, (from - start).wholeNanoseconds / every - 1)
            while count < Int64(Self.firstPlaced - Self.firstLive) {
                let blob = self.live(Int(count), live)
                if blob.created >= min(end, now + .milliseconds(1)) { break }
                if blob.created >= from { found.append(blob) }
                count += 1
            }
        }
        found += placed.filter { $0.created >= from && $0.created < end }
        return found.filter { $0.visible <= now }.sorted { ($0.visible, $0.index) < ($1.visible, $1.index) }
    }

    /// The blob at `index`, whether it can be seen or not.
    func blob(_ index: Int) -> Blob? {
        switch index {
        case 0..<times.count: return planned(index)
        case Self.firstLive..<Self.firstPlaced: return plan.live.map { live(index - Self.firstLive, $0) }
        case Self.firstPlaced..<Self.firstPlaced + placed.count: return placed[index - Self.firstPlaced]
        default: return nil
        }
    }

    private func planned(_ index: Int) -> Blob {
        let repeats = plan.repeatEvery > 0 && index > 0 && index % plan.repeatEvery == 0
        let content = Blob.Content.generated(count: plan.eventsPerBlob, again: repeats ? index - 1 : nil)
        return Blob(index: index, created: times[index], visible: times[index], content: content)
    }

    private func live(_ count: Int, _ live: Scenario.Live) -> Blob {
        let created = Timestamp(milliseconds: (start + live.every * (count + 1)).milliseconds)
        let content = Blob.Content.generated(count: live.events, again: nil)
        return Blob(index: Self.firstLive + count, created: created, visible: created, content: content)
    }

    /// The first planned blob not created before `instant`.
    private func firstPlanned(_ instant: Timestamp) -> Int {
        var (low, high) = (0, times.count)
        while low < high {
            let middle = (low + high) / 2
            if times[middle] < instant { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension Blob {
    /// Its id in the service's form: when it was created, its index, when again, and its type.
    func id(_ type: ContentType) -> String {
        let digits = created.millisecondsText.filter(\.isNumber)
        let number = String(index)
        let stamp = digits + String(repeating: "0", count: 6 - number.count) + number
        return stamp + "$" + stamp + "$" + type.idTail + "$emea0036"
    }

    /// The type and the index that an id names; `nil` if it is no id.
    static func parts(ofID id: String) -> (type: ContentType, index: Int, stamp: String)? {
        let parts = id.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count >= 4, parts[0].utf8.count == 23, parts[0].allSatisfy({ $0.isASCII && $0.isNumber }),
            let index = Int(parts[0].suffix(6)),
            let type = ContentType.allCases.first(where: { $0.idTail == parts[2...3].joined(separator: "$") })
        else { return nil }
        return (type, index, String(parts[0]))
    }
}
