// SPDX-License-Identifier: Apache-2.0
import JSON

extension Definition {
    /// What the definition itself lacks for a tier: where, what, and how to put it right.
    func lacks(for tier: Tier) -> [(place: Pointer, what: String, fix: String)] {
        var found: [(place: Pointer, what: String, fix: String)] = []
        func lack(_ key: String, _ what: String, _ fix: String) {
            found.append((Pointer(tokens: [key]), what, fix))
        }
        guard tier != .bronze else { return [] }
        if health.typicalLatency == nil {
            lack("health", "health does not say how late records come", "Add health.latency.")
        }
        if !health.statesThresholds {
            lack(
                "health",
                "health does not say when a stream is late or failing",
                "Add health.lateAfter and health.failAfter."
            )
        }
        if docs.isEmpty { lack("docs", "docs has no links", "Add them.") }
        for stream in streams {
            if case .window = stream.cursor, stream.retention.isEmpty {
                lack(
                    "streams",
                    "the stream \(stream.id) does not say how long the source keeps records",
                    "Add \"retention\"."
                )
            }
        }
        guard tier == .gold else { return found }
        if !auth.credentials.contains(.certificate) {
            lack("auth", "no certificate is taken", "Add it to auth.credential.")
        }
        if knownLimits.isEmpty {
            lack("knownLimits", "knownLimits is empty", "Say what a customer should know.")
        }
        if !licenses.isEmpty, !probe.contains(where: { $0.kind == .license }) {
            lack(
                "probe",
                "the connection test never looks for the licenses",
                "Add a step of the kind license."
            )
        }
        for major in 1..<max(1, majorVersion) where !carries(major) {
            lack(
                "migrations",
                "no migration carries connections of version \(major) over",
                "Add one whose \"from\" fits \(major).*."
            )
        }
        return found
    }

    private var majorVersion: Int { version.split(separator: ".").first.flatMap { Int($0) } ?? 0 }

    private func carries(_ major: Int) -> Bool {
        migrations.contains { Text.matches("\(major).0.0", glob: $0.from) || $0.from.hasPrefix("\(major).") }
    }
}

extension Shelf.Inspection {
    /// What keeps the connector from a tier: what the definition lacks, required cases that no test shows, and, from
    /// silver on, error rules that no test shows.
    package func lacks(for tier: Tier, clouds: Clouds) -> [Finding] {
        guard let definition else { return [] }
        var shown: Set<RequiredCase> = []
        for test in rehearsals { shown.formUnion(ShownCases(test.rehearsal, of: definition, clouds).cases) }
        return further(definition.id) { noteLacks(of: definition, for: tier, shown, $0) }
    }

    private func noteLacks(
        of definition: Definition,
        for tier: Tier,
        _ shown: Set<RequiredCase>,
        _ sheet: Sheet
    ) {
        for lack in definition.lacks(for: tier) {
            sheet.note(.tier, lack.place, "For the tier \(tier.rawValue), \(lack.what).", fix: lack.fix)
        }
        for wanted in RequiredCase.allCases where !shown.contains(wanted) {
            guard wanted.tier == .bronze || tier != .bronze, wanted.applies(to: definition) else { continue }
            sheet.note(
                .tests,
                Pointer(tokens: ["tests"]),
                "For the tier \(tier.rawValue), no test shows the case \(wanted.rawValue).",
                fix: "Add \(wanted.wanted)."
            )
        }
        let untested = findings.contains { $0.rule == .tests && $0.pointer.tokens.first == "errors" }
        if tier != .bronze, !untested { Shelf.noteUntested(definition, rehearsals.map(\.rehearsal), sheet) }
    }
}
