// SPDX-License-Identifier: Apache-2.0
import Wizard
import Basics
import Host
import Status
import Store
import Terminal

extension Command {
    static let reauth = Command(
        name: "reauth",
        synopsis:
            "CUSTOMER/CONNECTION CREDENTIAL [--client-key ID [--accept-loss]] [--expires DATE] [--json]",
        summary: "gives a connection a new credential or app for the same tenant",
        help: """
            For a connection whose credential or app does not work any more. The tenant stays the same, or nothing is
            changed; progress and history stay. What blocked it is cleared by the next cycle that succeeds, which the
            host begins at once.

            With a new credential of the same app every connection of that app is tested with it first. With --client-key
            another app takes over: it is tested, what the streams need at the source is prepared for it, each stream
            that collects today is read once, and then the connection is moved (exit 5 where it fails, and 4 where it
            has to wait or something would be lost; the former app goes on meanwhile).

              --client-key ID  the new app; without a credential where other connections of this tenant use it
              --accept-loss    moves it although what only the former app can fetch yet is lost, which is said before
              --expires DATE   the day on which a secret ends, as its provider says
              --json           for machines; docs/schemas/reauth.json describes it

            One credential:

            """ + CredentialFlags.help,
        options: CredentialFlags.options.union(["--client-key", "--expires"]),
        flags: CredentialFlags.flags.union(["--json", "--accept-loss"]),
        words: 1...1
    ) { invocation in
        let arguments = invocation.arguments
        let key = try Selection(naming: arguments.words[0]).one()
        let clientKey = try arguments.value("--client-key")
        let expires = try arguments.value("--expires").map { try Moments.day($0, for: "--expires") }
        let desk = try Desk.required(invocation)
        guard let connection = try await desk.ledger.connection(key) else {
            throw StoreFailure.missing("connection \(key)")
        }
        guard !connection.isDraft else {
            throw Stop(.usage, "\(key) is a draft: finish it with headgate connection add --answers FILE.")
        }
        guard clientKey != nil || !arguments.has("--accept-loss") else {
            throw Stop(.usage, "--accept-loss goes with --client-key.")
        }
        let offered = try CredentialFlags.offered(arguments)
        let wiring = try await Wiring(desk, invocation.place)
        let progress = ProgressLine()
        let turn = ReauthTurn(wiring.rotation(desk)) { progress.show($0) }
        let result: ReauthTurn.Result
        if let clientKey {
            result = try await turn.move(
                connection,
                to: clientKey,
                offered,
                expires: expires,
                acceptsLoss: arguments.has("--accept-loss")
            )
        } else {
            if offered == nil, ConnectionWalk.isPossible(invocation) {
                return try await ConnectionWalk.lead(.reauth, connection.key, invocation)
            }
            guard let offered else {
                throw Stop(
                    .inputNeeded,
                    "Give the new credential: \(CredentialFlags.ways). Nothing was changed."
                )
            }
            result = try await turn.renew(connection, offered, expires: expires)
        }
        let document = ReauthDocument(result: result)
        progress.clear()
        if arguments.has("--json") {
            invocation.output.json(document.value)
        } else {
            for line in document.lines(Live(invocation.output).style()) { invocation.output.line(line) }
        }
        switch result.outcome {
        case .reauthorised: return .done
        case .refused: return .checkFailed
        case .doubtful, .waiting: return .waiting
        }
    }
}
