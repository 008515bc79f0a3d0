// SPDX-License-Identifier: Apache-2.0
package import Basics

/// What the records of one batch say of one watch.
package struct Sighting: Sendable, Equatable {
    /// The watch of the definition.
    package var watch: String
    /// The issue as the newest record of the batch that says so raises it.
    package var hit: Issue?
    /// The time up to which whatever was said no longer holds.
    package var settled: Timestamp?

    /// Puts it together from its parts.
    package init(watch: String, hit: Issue? = nil, settled: Timestamp? = nil) {
        self.watch = watch
        self.hit = hit
        self.settled = settled
    }

    /// What becomes of a watch's open issue and of the time up to which everything is settled.
    ///
    /// A pure function of what was known and what came: whether something holds depends only on which is newer, the
    /// last record that says so or the last that takes it back, never on the order in which they came.
    package func outcome(open: Issue?, settled known: Timestamp?) -> (issue: Issue?, settled: Timestamp?) {
        let mark = [known, settled].compactMap(\.self).max()
        var issue = open
        if let hit, mark.map({ hit.seen > $0 }) ?? true {
            if var held = issue {
                let isEarlier =
                    hit.cause.since < held.cause.since && (mark.map { hit.cause.since > $0 } ?? true)
                if isEarlier { held.cause.since = hit.cause.since }
                held.seen = max(held.seen, hit.seen)
                issue = held
            } else {
                var fresh = hit
                if let mark, fresh.cause.since <= mark { fresh.cause.since = fresh.seen }
                issue = fresh
            }
        }
        if let mark, var held = issue {
            if held.seen <= mark {
                held.closed = mark
                issue = held
            } else if held.cause.since <= mark {
                held.cause.since = held.seen
                issue = held
            }
        }
        return (issue, mark)
    }
}
