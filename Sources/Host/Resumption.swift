// SPDX-License-Identifier: Apache-2.0
import Basics
import Status
import Store

/// Lets streams go on whose pause has come to its end.
enum Resumption {
    static func resume(_ streams: [StreamKey], _ station: Station) async throws {
        for stream in streams {
            var facts = try await station.ledger.facts(of: stream)
            facts.resumedAt = station.time.now
            try await station.ledger.write([.hold(stream, nil), .stream(stream, .facts(facts))])
            station.log.info("a pause has ended", ["stream": stream.description])
        }
    }
}
