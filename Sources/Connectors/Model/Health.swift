// SPDX-License-Identifier: Apache-2.0
import Basics
import JSON

/// What is normal for a stream, so that its state can be told.
package struct Health: Sendable, Equatable {
    /// When silence is worth a word.
    package enum Quiet: Sendable, Equatable {
        /// As the stream's own history suggests.
        case learned
        /// Never: this stream may be silent for ever.
        case never
        /// After a fixed time.
        case after(Duration)
    }

    /// How often the source is asked.
    package let interval: Duration
    /// How late records usually come, for people to read.
    package let typicalLatency: Duration?
    /// How late records may come at worst.
    package let greatestLatency: Duration?
    /// How long the first record may take.
    package let firstDataBy: Duration
    /// The lag from which a stream is late.
    package let lateAfter: Duration
    /// How long a trouble may last before a stream is failing.
    package let failAfter: Duration
    /// When silence is worth a word.
    package let quietAfter: Quiet
    /// Whether the definition itself says when a stream is late and when it is failing.
    package let statesThresholds: Bool
}

extension Health {
    /// Reads `node` over `base`, which stands in where it says nothing.
    init(_ node: Node?, over base: Health?) {
        let interval: Duration
        var own: Fields? = node.map { Fields($0) }
        interval = own?.optional("interval")?.span(atLeast: .seconds(10)) ?? base?.interval ?? .minutes(5)
        var typical = base?.typicalLatency, greatest = base?.greatestLatency
        if let latency = own?.optional("latency") {
            var fields = Fields(latency)
            typical = fields.optional("typical")?.span() ?? typical
            greatest = fields.optional("max")?.span() ?? greatest
            fields.end()
        }
        self.interval = interval
        typicalLatency = typical
        greatestLatency = greatest
        firstDataBy = own?.optional("firstDataBy")?.span() ?? base?.firstDataBy ?? .hours(24)
        lateAfter = own?.optional("lateAfter")?.span() ?? base?.lateAfter ?? max(interval * 3, .minutes(15))
        failAfter = own?.optional("failAfter")?.span() ?? base?.failAfter ?? max(interval * 6, .hours(1))
        if let quiet = own?.optional("quietAfter") {
            if quiet.value == "never" {
                quietAfter = .never
            } else {
                quietAfter = quiet.span().map { .after($0) } ?? .learned
            }
        } else {
            quietAfter = base?.quietAfter ?? .learned
        }
        let stated = ["lateAfter", "failAfter"].allSatisfy { node?.value[$0] != nil }
        statesThresholds = stated || base?.statesThresholds == true
        own?.end()
        if let node, lateAfter <= interval {
            node.note(
                .conflict,
                "calls a stream late before it is asked again.",
                fix: "Make lateAfter longer than interval."
            )
        }
        if let node, failAfter < lateAfter {
            node.note(
                .conflict,
                "calls a stream failing before it is late.",
                fix: "Make failAfter at least lateAfter."
            )
        }
    }
}
