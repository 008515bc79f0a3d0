// SPDX-License-Identifier: Apache-2.0
import Host
import Store

extension Command {
    static let connectionRemove = Command(
        name: "connection remove",
        synopsis: "CUSTOMER/CONNECTION",
        summary: "stops collecting a tenant and forgets its secret",
        help: """
            Takes a connection off. Its secret leaves the vault unless another connection uses it. Records, gaps and
            history stay, and adding the same tenant again doubles nothing.
            """,
        words: 1...1
    ) { invocation in
        let desk = try Desk.required(invocation)
        let selection = try Selection(naming: invocation.arguments.words[0])
        _ = try selection.one()
        let removed = try await Removal.remove(selection, from: desk.ledger, vault: Vault(desk.home))
        invocation.say(
            "\(selection) is removed; \(removed ? "its secret is forgotten" : "its secret stays, others use it")."
        )
        return .done
    }
}
