// SPDX-License-Identifier: Apache-2.0
import Wizard
import Basics
import Host
import Status
import Store
import Terminal

extension Command {
    static let rotate = Command(
        name: "rotate",
        synopsis: "CUSTOMER/CONNECTION CREDENTIAL [--expires DATE] [--drop-old] [--plan] [--json]",
        summary: "brings a new secret or certificate into use without stopping",
        help: """
            Puts the new credential beside the one in use, tests every connection of the app with it, and only then
            brings it into use. Where a test fails the old one stays in use (exit 5; 4 where it could not be told
            now). The old one is kept beside it until its end, or until --drop-old.

            headgate rotate CUSTOMER/CONNECTION [--drop-old]        goes on with one that was interrupted, or forgets the old one
            headgate rotate --all [--expiring P30D] --plan          lists the apps whose credential ends soon

              --expires DATE     the day on which a secret ends, as its provider says; a certificate says it itself
              --drop-old         forgets the old one as soon as the new one is in use
              --plan             says what would be done, and does nothing
              --expiring SPAN    how soon, with --all; P30D unless given
              --json             for machines; docs/schemas/rotate.json describes it

            One credential:

            """ + CredentialFlags.help,
        options: CredentialFlags.options.union(["--expires", "--expiring"]),
        flags: CredentialFlags.flags.union(["--all", "--drop-old", "--plan", "--json"]),
        words: 0...1
    ) { invocation in
        let arguments = invocation.arguments
        guard !arguments.has("--all") else { return try await listDue(invocation) }
        guard try arguments.value("--expiring") == nil else {
            throw Stop(.usage, "--expiring goes with --all --plan.")
        }
        guard let word = arguments.words.first else { throw Misuse.missingWord("CUSTOMER/CONNECTION") }
        let key = try Selection(naming: word).one()
        let expires = try arguments.value("--expires").map { try Moments.day($0, for: "--expires") }
        let desk = try Desk.required(invocation)
        let wiring = try await Wiring(desk, invocation.place)
        let rotation = wiring.rotation(desk)
        let subject = try await rotation.subject(of: key)
        let offered = try CredentialFlags.offered(arguments)
        if arguments.has("--plan") {
            return show(
                RotationDocument(planned: [subject], rotation, with: offered?.kind),
                invocation,
                .done
            )
        }
        if offered == nil, expires != nil { throw Stop(.usage, "--expires goes with a new credential.") }
        let isAsked = offered != nil || subject.registration.staged != nil || arguments.has("--drop-old")
        if !isAsked, ConnectionWalk.isPossible(invocation) {
            return try await ConnectionWalk.lead(.rotate, key, invocation)
        }
        guard isAsked else {
            throw Stop(.inputNeeded, "Give the new credential: \(CredentialFlags.ways). Nothing was changed.")
        }
        let progress = ProgressLine()
        let turn = RotationTurn(rotation, drops: arguments.has("--drop-old")) { progress.show($0) }
        let result = try await turn.run(subject, offered, expires: expires)
        progress.clear()
        let exit: Exit =
            switch result.outcome {
            case .refused: .checkFailed
            case .doubtful: .waiting
            case .rotated, .dropped, .nothing: .done
            }
        return show(RotationDocument(result, rotation), invocation, exit)
    }

    private static func listDue(_ invocation: Invocation) async throws -> Exit {
        let arguments = invocation.arguments
        guard arguments.words.isEmpty else { throw Misuse.tooManyWords(arguments.words[0]) }
        guard arguments.has("--plan") else {
            throw Stop(.usage, "Each app needs a credential of its own: --all goes with --plan only.")
        }
        let text = try arguments.value("--expiring") ?? "P30D"
        guard let span = Duration(iso8601: text), span >= .zero else {
            throw Misuse.badValue(option: "--expiring", value: text, wanted: "a duration such as P30D")
        }
        let desk = try Desk.required(invocation)
        let wiring = try await Wiring(desk, invocation.place)
        let due = RotationDue.list(
            try await desk.ledger.registrations(),
            try await desk.ledger.connections(),
            within: span,
            now: SystemTime().now
        )
        if due.isEmpty, !arguments.has("--json") {
            invocation.say("No credential ends within \(span.spoken).")
        }
        return show(RotationDocument(planned: due, wiring.rotation(desk)), invocation, .done)
    }

    private static func show(_ document: RotationDocument, _ invocation: Invocation, _ exit: Exit) -> Exit {
        if invocation.arguments.has("--json") {
            invocation.output.json(document.value)
        } else {
            let style = Live(invocation.output).style()
            for line in document.lines(style) { invocation.output.line(line) }
        }
        return exit
    }
}
