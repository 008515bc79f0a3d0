// SPDX-License-Identifier: Apache-2.0
import Basics
import Host
import Probing
import Store

/// Adds one connection: prepares it, tests it and settles it.
struct Admission: Sendable {
    let desk: Desk
    let wiring: Wiring
    /// The settings to go by; the desk's where there are none.
    var settings: Settings?

    /// What sets up and changes connections here.
    var onboarding: Onboarding {
        Onboarding(
            ledger: desk.ledger,
            vault: wiring.vault,
            shelf: wiring.shelf,
            maker: wiring.maker,
            fallbacks: (settings ?? desk.settings).fallbacks,
            time: SystemTime()
        )
    }

    func add(
        _ file: AnswersFile,
        _ offered: OfferedCredential?,
        noChanges: Bool = false,
        warn: (String) -> Void = { _ in },
        progress: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws -> (added: Added, report: ProbeReport) {
        let prepared = try await onboarding.prepare(file, offered)
        for warning in prepared.warnings { warn(warning) }
        let report = try await Prober.run(ProbeSubject(prepared), progress: progress)
        return (try await onboarding.settle(prepared, Trial(report), noChanges: noChanges), report)
    }
}
