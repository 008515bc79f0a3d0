// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Glibc
import Host
import JSON
import Wizard

extension Command {
    static let onboard = Command(
        name: "onboard",
        synopsis:
            "[CUSTOMER] [--connector ID]... [--flow ID] [--resume ID] [--plan] [--no-input --answers FILE] [--batch FILE]",
        summary: "the wizard: connects a customer's tenant, from nothing to the first cycle",
        help: """
            Leads through everything that a connection needs, tests it on the way, and collects it for the first time.
            Nothing is changed at a source before it was shown and agreed to. `back` goes to the question before, `?`
            explains it, and Ctrl-C stops and says how to go on later.

              --connector ID   what to collect, once for each; a Microsoft 365 tenant's audit log without it
              --flow ID        the flow that leads, where several are for the same connectors (headgate wizard list)
              --cloud NAME     the cloud, where it is not the commercial one
              --resume ID      takes up a walk that was left
              --abandon ID     gives a walk up: what it holds, such as a certificate, is dropped
              --plan           says what would be asked and changed, and does nothing
              --answers FILE   answers, as `connection add` takes them; also {"connectors": [{"connector", "name",
                               "streams"}], "way": "app"}; --plan names the other ways
              --no-input       asks nothing; exit 3 with the names of all answers that are missing
              --batch FILE     a CSV file with the columns customer,name,cloud,tenantId,tenantDomain,clientKey,
                               credential,connectors,streams,start,expires; goes on past failures, and writes the rows that
                               failed to FILE.failed.csv
              --out DIR        where files for other people are written; the present folder without it
              --json           one object for each step with what was told in it, and one for the end

            A credential may be handed over; otherwise it is asked for or made:

            """ + CredentialFlags.help + """


                  --expires DATE   the day the secret ends
                """,
        options: CredentialFlags.options.union([
            "--connector", "--flow", "--cloud", "--resume", "--abandon", "--answers", "--batch", "--out",
            "--expires",
        ]),
        flags: CredentialFlags.flags.union(["--plan", "--json"]),
        words: 0...1
    ) { invocation in
        let arguments = invocation.arguments
        let folder = try arguments.value("--out") ?? "."
        guard FileFacts(Place.absolute(folder))?.kind == .folder else {
            throw Stop(.usage, "There is no folder \(folder) to write files into: make it first.")
        }
        if try arguments.value("--flow") != nil {
            for other in ["--resume", "--abandon"] where try arguments.value(other) != nil {
                throw Stop(.usage, "\(other) takes the flow that the walk was begun with: leave --flow out.")
            }
        }
        if let file = try arguments.value("--batch") {
            return try await Interruption.running {
                try await BatchOnboarding(Reception(invocation, folder: folder), invocation).run(file)
            }
        }
        if let id = try arguments.value("--abandon") {
            let reception = try await Reception(invocation, folder: folder)
            return try await OnboardCommand.abandon(id, reception, invocation)
        }
        return try await Interruption.running {
            try await OnboardCommand.run(invocation, folder: folder)
        }
    }
}

/// Leads one walk and says how it ended.
enum OnboardCommand {
    static func run(_ invocation: Invocation, folder: String) async throws -> Exit {
        let arguments = invocation.arguments
        let ahead = try AnswersAhead(invocation)
        if arguments.has("--plan") {
            let shelf = try await invocation.shelf()
            let flows = try await invocation.flows(shelf)
            let choice = try flows.choice(for: .setup, ahead.connectors, named: arguments.value("--flow"))
            if let cloud = ahead.answers["cloud"]?.stringValue, shelf.clouds[cloud] == nil {
                throw Stop(
                    .usage,
                    "There is no cloud \(cloud). There are: \(shelf.clouds.names.joined(separator: ", "))."
                )
            }
            for remark in choice.remarks { invocation.say(remark) }
            let usual = choice.flow.members.filter(\.isChosen).map(\.id)
            let plan = FlowPlan(
                choice.flow,
                ahead.answers,
                credentials: ahead.credentials,
                config: try Desk.existing(invocation)?.settings.object ?? [:],
                try (ahead.connectors.isEmpty ? usual : ahead.connectors).map { try shelf.usable($0) }
            )
            for line in PlanText(plan, style: Live(invocation.output).style()).lines {
                invocation.output.line(line)
            }
            return .done
        }
        let reception = try await Reception(invocation, folder: folder)
        let asks = !arguments.has("--no-input") && isatty(STDIN_FILENO) == 1
        var face: any Face =
            asks ? TerminalFace() : SilentFace(says: !invocation.isQuiet && !arguments.has("--json"))
        if arguments.has("--json") { face = RecordingFace(inner: face, output: invocation.output) }
        let offered = try CredentialFlags.offered(arguments)
        var guide: Guide
        if let id = try arguments.value("--resume") {
            guide = try await reception.resumed(id, face: face, ahead, offered: offered, isConversation: asks)
        } else {
            // A name that nobody knows is said before anything is asked for.
            for connector in ahead.connectors { _ = try reception.bench.shelf.usable(connector) }
            let flow = try reception.flow(
                for: .setup,
                ahead.connectors,
                named: arguments.value("--flow")
            )
            if ahead.connectors.isEmpty {
                for member in flow.members.usual { _ = try reception.bench.shelf.usable(member.id) }
            }
            guide = reception.guide(
                flow,
                face: face,
                answers: ahead.answers,
                credentials: ahead.credentials,
                offered: offered,
                isConversation: asks
            )
        }
        try guide.look()
        if !asks {
            let missing = guide.missing()
            guard missing.isEmpty else { throw lacking(missing, invocation) }
        }
        return try await lead(guide, invocation)
    }

    /// Leads a walk to its end and says how it ended.
    static func lead(_ guide: Guide, _ invocation: Invocation) async throws -> Exit {
        var guide = guide
        do {
            let ending = try await guide.run()
            let exit = exit(ending, invocation)
            if let words = ending.words { Talk.say(words) }
            record(WalkEnding(name: ending.name, words: ending.words, walk: guide.id), exit, invocation)
            return exit
        } catch Unanswered.missing(let names) {
            throw lacking(names, invocation)
        } catch is CancellationError {
            Talk.say("")
            Talk.say(guide.afterStop)
            record(WalkEnding(name: "left", words: guide.afterStop, walk: guide.id), .interrupted, invocation)
            throw CancellationError()
        } catch {
            let exit = (error as? Stop)?.exit ?? Endings.exit(for: error)
            record(WalkEnding(name: "failed", words: "\(error)", walk: guide.id), exit, invocation)
            throw error
        }
    }

    private static func record(_ ending: WalkEnding, _ exit: Exit, _ invocation: Invocation) {
        guard invocation.arguments.has("--json") else { return }
        invocation.output.line(ending.line(exit))
    }

    /// The stop for want of answers, written down for a machine first.
    private static func lacking(_ names: [String], _ invocation: Invocation) -> Stop {
        let stop = Stop(.inputNeeded, needed(names))
        let ending = WalkEnding(name: "unanswered", words: stop.description, missing: names)
        record(ending, stop.exit, invocation)
        return stop
    }

    static func abandon(_ id: String, _ reception: Reception, _ invocation: Invocation) async throws -> Exit {
        var guide = try await reception.resumed(id, face: SilentFace(says: false), isOver: true)
        let left = try await guide.abandon()
        invocation.say("The walk \(id) is given up; what it held is dropped.")
        guard !left.isEmpty else { return .done }
        invocation.say("Still there, until somebody deletes it at the source:")
        for line in left { invocation.say("  \(line)") }
        return .done
    }

    private static func needed(_ names: [String]) -> String {
        "Answers are missing: \(names.joined(separator: ", ")). Give them with --answers FILE"
            + (names.contains("credential")
                ? ", and the credential with --secret-file, --certificate or one of the others" : "")
            + ", or run it on a terminal."
    }

    private static func exit(_ ending: Guide.Ending, _ invocation: Invocation) -> Exit {
        switch ending {
        case .done: .done
        case .partly: .notWell
        case .failed: .checkFailed
        case .waiting: .waiting
        case .left:
            !invocation.arguments.has("--no-input") && isatty(STDIN_FILENO) == 1 ? .interrupted : .waiting
        case .unanswered: .inputNeeded
        }
    }
}

extension Guide.Ending {
    /// Its word for machines.
    fileprivate var name: String {
        switch self {
        case .done: "done"
        case .partly: "partly"
        case .failed: "failed"
        case .waiting: "waiting"
        case .left: "left"
        case .unanswered: "unanswered"
        }
    }

    fileprivate var words: String? {
        switch self {
        case .done, .partly: nil
        case .failed(let words), .waiting(let words), .left(let words), .unanswered(let words): words
        }
    }
}
