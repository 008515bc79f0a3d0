// SPDX-License-Identifier: Apache-2.0
package import Basics

/// Lists closed spans once more, so that what the source published late is found.
package enum Relisting {
    /// The next span to list again, or `nil` when none is due.
    ///
    /// Spans are whole multiples of `span` from 1970, each due `after` its end. Spans that began before coverage or
    /// that the source no longer keeps are passed over; the watermark must have passed the span first.
    package static func due(
        span: Duration,
        after: Duration,
        doneTo: Timestamp?,
        coveredFrom: Timestamp,
        watermark: Timestamp,
        retention: Duration?,
        now: Timestamp
    ) -> Span? {
        guard span > .zero else { return nil }
        var from = (doneTo ?? coveredFrom).rounded(downTo: span)
        if let retention {
            let oldest = now - retention + WindowPlan.Limits.margin
            while from < oldest { from = from + span }
        }
        let next = Span(from, from + span)
        guard next.to + after <= now, next.to <= watermark else { return nil }
        return next.clamped(to: Span(coveredFrom, next.to))
    }
}
