// SPDX-License-Identifier: Apache-2.0
import Basics
package import Connectors

/// Runs the tests of one definition, offline: canned exchanges, a clock of its own, a home that goes away afterwards.
///
/// Nothing is asked of any network, and nothing is written but below a temporary folder.
package struct Rehearser: Sendable {
    private let definition: Definition
    private let clouds: Clouds

    /// Rehearses `definition`, its services at the addresses that `clouds` names.
    package init(_ definition: Definition, clouds: Clouds) {
        self.definition = definition
        self.clouds = clouds
    }

    /// How many tests run at a time; they mostly wait for their own store to be on disk.
    private static let most = 8

    /// Runs tests, several at a time, and gives their results in the order of the tests.
    package func run(_ rehearsals: [(file: String, rehearsal: Rehearsal)]) async throws -> [Rehearsed] {
        var results: [Rehearsed?] = Array(repeating: nil, count: rehearsals.count)
        try await withThrowingTaskGroup(of: (Int, Rehearsed).self) { group in
            for (index, item) in rehearsals.enumerated() {
                if index >= Self.most, let (place, result) = try await group.next() {
                    results[place] = result
                }
                group.addTask { (index, try await run(item.rehearsal, file: item.file)) }
            }
            while let (place, result) = try await group.next() { results[place] = result }
        }
        return results.compactMap { $0 }
    }

    /// Runs one test to its end and says everything that came out otherwise; throws where it is cancelled.
    package func run(_ rehearsal: Rehearsal, file: String) async throws -> Rehearsed {
        if rehearsal.kind == .classify {
            let differences = rehearsal.misclassified(by: definition).map { Difference("answers", $0) }
            return Rehearsed(
                file: file,
                name: rehearsal.name,
                kind: rehearsal.kind,
                differences: differences,
                requests: 0
            )
        }
        var differences = misplaced(rehearsal)
        var requests = 0
        do {
            let stage = try await Stage(rehearsal, definition, clouds)
            differences += try await play(stage)
            requests = stage.transport.requests.count
        } catch let cancelled as CancellationError {
            throw cancelled
        } catch {
            differences.append(Difference("given", "the test could not be run: \(error)"))
        }
        return Rehearsed(
            file: file,
            name: rehearsal.name,
            kind: rehearsal.kind,
            differences: differences,
            requests: requests
        )
    }

    private func play(_ stage: Stage) async throws -> [Difference] {
        let transport = stage.transport
        do {
            let differences =
                stage.rehearsal.kind == .probe
                ? try await ProbePlay(stage).differences() : try await StreamPlay(stage).differences()
            // Where a request had no answer, everything else only follows from that.
            if let trouble = transport.trouble { return [trouble] }
            return transport.leftovers + differences + stage.shownSecrets()
        } catch is CancellationError where !Task.isCancelled {
            return [transport.trouble ?? Difference("http", "the play was cut short")]
        }
    }

    /// Expectations that a test of this kind never looks at, which would otherwise pass unseen.
    private func misplaced(_ rehearsal: Rehearsal) -> [Difference] {
        let then = rehearsal.then
        let foreign: [(String, Bool)] =
            rehearsal.kind == .stream
            ? [("steps", !then.steps.isEmpty)]
            : [
                ("records", !then.records.isEmpty), ("counts", !then.counts.isEmpty),
                ("states", !then.states.isEmpty), ("gaps", then.gaps != nil),
                ("caughtUpTo", !then.caughtUpTo.isEmpty), ("cursors", !then.cursors.isEmpty),
            ]
        return foreign.filter(\.1).map {
            Difference("then.\($0.0)", "a \(rehearsal.kind.rawValue) test has none of these: leave it out")
        }
    }
}
