// SPDX-License-Identifier: Apache-2.0
import Basics
import Collecting
import Connectors
import Status
import Store

/// Runs one cycle of one stream, and turns what is not the stream's own fault into words as well.
struct CycleRunner: Sendable {
    let station: Station

    /// How one cycle ended; a fault of the host itself is noted as such and tried again soon.
    func run(_ line: Roll.Line, bounds: StreamCycle.Bounds) async throws -> CycleEnd {
        do {
            var bounds = bounds
            bounds.confirming = try await isSuspicious(line)
            guard let context = try await station.context(of: line.stream.id, in: line.connection) else {
                return CycleEnd(nextTry: station.time.now + .minutes(5))
            }
            var cycle = StreamCycle(context, bounds: bounds)
            return try await cycle.run()
        } catch let cancelled as CancellationError {
            throw cancelled
        } catch {
            return try await end(of: line, after: error)
        }
    }

    /// How a cycle ended that could not be run, with the reason noted where there is room to note it.
    func end(of line: Roll.Line, after error: any Error) async throws -> CycleEnd {
        if let failure = error as? StoreFailure, failure.isDiskFull {
            // The host says that, in one line for all streams; nothing of this one could be written down anyway.
            station.log.warning(
                "a stream waits for room on the disk",
                ["stream": line.key.description, "because": "\(failure)"]
            )
            return CycleEnd(nextTry: station.time.now + .seconds(10))
        }
        return try await note(error, line)
    }

    /// Whether this stream is to ask the source why everything fell silent.
    private func isSuspicious(_ line: Roll.Line) async throws -> Bool {
        guard let step = line.stream.keepsFrom, !line.connection.noChanges else { return false }
        var facts: [StreamFacts] = []
        let definition = try station.shelf.definition(line.connection.connector)
        for choice in line.connection.streams where choice.hold == nil {
            // One that is made of the others has nothing to say of its own.
            if definition.stream(choice.stream)?.isDerived ?? false { continue }
            let key = StreamKey(
                customer: line.key.customer,
                connection: line.key.connection,
                stream: choice.stream
            )
            facts.append(try await station.ledger.facts(of: key))
        }
        let own = try await station.ledger.facts(of: line.key)
        // What was found out by asking is believed until asking finds otherwise: an empty list proves nothing.
        if own.cause?.faultClass == .enablement { return true }
        return own.everHadRecord
            && Silence.isSuspicious(facts, lastAsked: own.startedAt[step], now: station.time.now)
    }

    /// A trouble before the stream could even ask: its definition, its credential, the ledger.
    private func note(_ error: any Error, _ line: Roll.Line) async throws -> CycleEnd {
        let now = station.time.now
        station.log.error("a stream cannot run", ["stream": line.key.description, "because": "\(error)"])
        let next = now + .minutes(1)
        let faultClass: FaultClass =
            switch error {
            case is ConnectorFailure: .config
            case let failure as StoreFailure:
                switch failure {
                case .secret, .missing: .auth
                default: .host
                }
            default: .host
            }
        var facts = try await station.ledger.facts(of: line.key)
        facts.noteAttempt(at: now)
        facts.noteFailure(
            faultClass,
            code: "host",
            message: Redaction.shared.redact("\(error)"),
            at: now,
            nextTry: next
        )
        try await station.ledger.write([.stream(line.key, .facts(facts))])
        return CycleEnd(setback: Setback(faultClass, .retry, message: "\(error)"), nextTry: next)
    }
}
