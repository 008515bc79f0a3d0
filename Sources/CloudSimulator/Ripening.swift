// SPDX-License-Identifier: Apache-2.0
import Basics

/// Something on its way to being known everywhere; asking for it brings it on.
struct Ripening: Sendable {
    private let from: Timestamp
    private var beats: ArraySlice<UInt8>

    /// Known from an instant on, or since ever.
    init(from instant: Timestamp? = nil) {
        from = instant ?? Timestamp(nanoseconds: .min)
        beats = []
    }

    /// Made at `now`, and unknown as long as `lag` says.
    init(_ lag: Scenario.Lag, at now: Timestamp) {
        from = lag.wait > .zero ? now + lag.wait : Timestamp(nanoseconds: .min)
        beats = Array(lag.rhythm.utf8)[...]
    }

    /// Whether one who asks at `now` meets it; asks count once its time has come.
    mutating func ask(at now: Timestamp) -> Bool {
        guard now >= from else { return false }
        return beats.popFirst() != UInt8(ascii: "x")
    }
}
