// SPDX-License-Identifier: Apache-2.0
import Connectors

extension FlowShelf {
    /// The flow that leads, and what the person should know of those that do not.
    package struct Choice: Sendable {
        package let flow: Flow
        /// A sentence for each flow of the home's that would lead, or might, if somebody saw to it.
        package let remarks: [String]
    }

    /// The flow for these connectors: their own, else the general one, and a trusted one of the home's before a shipped one.
    ///
    /// Without any connector, it is the one that sets up what is usual. One that nobody agreed to is passed over with a
    /// remark, and refused where it is named by `id` or where there is no other. Throws where the connectors have no flow
    /// in common.
    package func choice(
        for purpose: Flow.Purpose,
        _ connectors: [String],
        named id: String? = nil
    ) throws(WizardFailure) -> Choice {
        if let id { return Choice(flow: try named(id, purpose, connectors), remarks: []) }
        // What came with Headgate and does not read is a damaged installation, which is not worked around.
        for item in items where item.isShipped { _ = try item.readable() }
        let remarks = items.compactMap { item in
            item.findings.first.map { finding in
                "The flow \"\(item.id)\" of this home is left out: \(finding.description) "
                    + "headgate wizard lint \(item.id) names every problem."
            }
        }
        let readable = (items.filter { !$0.isShipped } + items.filter(\.isShipped)).filter {
            $0.flow?.purpose == purpose
        }
        let first = Self.first(of: readable, for: connectors)
        if let first, let flow = first.flow, first.refusal == nil {
            return Choice(flow: flow, remarks: remarks)
        }
        if let flow = Self.first(of: readable.filter { $0.refusal == nil }, for: connectors)?.flow {
            return Choice(flow: flow, remarks: remarks + (first?.refusal.map { ["\($0)"] } ?? []))
        }
        if let refusal = first?.refusal { throw refusal }
        guard !connectors.isEmpty else { throw .flow("There is no flow for \(purpose.rawValue).") }
        throw .flow(
            "\(connectors.joined(separator: ", ")) are not set up in one go: onboard them one after the other."
        )
    }

    private static func first(of items: [Item], for connectors: [String]) -> Item? {
        guard connectors.isEmpty else {
            let own = items.first { item in item.flow?.isMadeFor(connectors) ?? false }
            return own ?? items.first { item in connectors.count == 1 && item.flow?.members.isEmpty ?? false }
        }
        let shipped = items.filter(\.isShipped)
        guard let usual = shipped.first(where: { $0.flow?.members.isEmpty == false }) ?? shipped.first
        else { return items.first }
        // Whoever names nothing gets what a shipped flow begins with, led by a flow of the home's that begins so as well.
        let begun = usual.flow?.members.usual.map(\.id) ?? []
        let own = items.first { item in
            let members = item.flow?.members.usual.map(\.id) ?? []
            return !item.isShipped && !begun.isEmpty && begun.allSatisfy(members.contains)
        }
        return own ?? usual
    }

    private func named(
        _ id: String,
        _ purpose: Flow.Purpose,
        _ connectors: [String]
    ) throws(WizardFailure) -> Flow {
        let flow = try flow(id)
        guard flow.purpose == purpose else {
            throw .flow(
                "The flow \"\(id)\" is for \(flow.purpose.rawValue), not for \(purpose.rawValue); "
                    + "headgate wizard list says what each is for."
            )
        }
        guard flow.members.isEmpty ? connectors.count == 1 : flow.isMadeFor(connectors) else {
            let what =
                flow.members.isEmpty
                ? "one connector of any kind: name it" : flow.members.map(\.id).joined(separator: ", ")
            throw .flow("The flow \"\(id)\" is for \(what).")
        }
        return flow
    }
}

extension Flow {
    /// Whether it is made for all of these connectors, rather than for any.
    fileprivate func isMadeFor(_ connectors: [String]) -> Bool {
        !members.isEmpty && connectors.allSatisfy { id in members.contains { $0.id == id } }
    }
}

extension [Flow.Member] {
    /// Those that are set up where nobody chooses: the ones that say so, else the first.
    package var usual: [Flow.Member] {
        let chosen = filter(\.isChosen)
        return chosen.isEmpty ? Array(prefix(1)) : chosen
    }
}
