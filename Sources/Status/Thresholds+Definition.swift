// SPDX-License-Identifier: Apache-2.0
package import Connectors

extension Thresholds {
    /// The thresholds that a stream's definition sets, for a tenant proven to hold `plans`.
    package init(_ stream: StreamDefinition, plans: Set<String> = []) {
        var settle = Duration.zero
        if case .window(let window) = stream.cursor { settle = window.settle }
        var retention = stream.retention(plans: plans)
        // A whole set is there each time it is asked for: nothing of it can leave the source unseen.
        if case .snapshot = stream.cursor { retention = nil }
        let health = stream.health
        let quiet: Quiet =
            switch health.quietAfter {
            case .learned: .baseline
            case .never: .never
            case .after(let duration): .after(duration)
            }
        self.init(
            interval: health.interval,
            settle: settle,
            lateAfter: health.lateAfter,
            failAfter: health.failAfter,
            quiet: quiet,
            firstData: health.firstDataBy,
            retention: retention,
            keepsFrom: stream.keepsFrom != nil
        )
    }
}
