// SPDX-License-Identifier: Apache-2.0
import Basics
import Glibc
import Terminal

/// The command: finds what is meant, runs it, and ends with its exit code.
@main
enum Headgate {
    static let version = "0.1.0"

    static let commands: [Command] = [
        .demo, .onboard, .test, .run, .status, .check, .metrics, .doctor, .simulate,
        .customerList, .customerShow,
        .connectionAdd, .connectionList, .connectionShow, .connectionRemove,
        .pause, .resume, .exclude, .gaps, .issues, .ack, .repair, .backfill,
        .rotate, .reauth, .reconfigure, .remove,
        .configShow, .configSet, .configToken, .export, .apply,
        .connectorList, .connectorShow, .connectorLint, .connectorTest, .connectorExplain,
        .connectorExplainError, .connectorTrust, .connectorNew,
        .wizardList, .wizardLint, .wizardTrust,
        .version,
    ]

    static func main() async {
        // A reader that closes the pipe is an error of write(2), not the end of a process that collects.
        signal(SIGPIPE, SIG_IGN)
        Allocator.share()
        let code = await run(Array(CommandLine.arguments.dropFirst()))
        exit(code.rawValue)
    }

    static func run(_ line: [String]) async -> Exit {
        var meant: Command?
        var home: String?
        defer {
            // Run as printed, a command would act on another home than this one did.
            if let home, Named.aCommand {
                Talk.say("Every command named here takes --home \(home), or HEADGATE_HOME set to it.")
            }
        }
        do {
            let (command, rest) = try find(line)
            guard let command else {
                let family =
                    rest.first.map { first in commands.filter { $0.name.hasPrefix(first + " ") } } ?? []
                let text = family.isEmpty ? Overview.text(commands) : Overview.family(family)
                explain(text)
                return .done
            }
            meant = command
            let arguments = try command.arguments(from: rest)
            if arguments.has("--help") {
                explain(command.usage + "\n\n" + command.help)
                return .done
            }
            let place = try Place(home: arguments.value("--home"))
            if try arguments.value("--home") != nil, !arguments.has("--quiet"), !arguments.has("--json") {
                home = place.home
            }
            return try await command.run(Invocation(arguments: arguments, place: place, output: Output()))
        } catch let misuse as Misuse {
            Talk.say("headgate: \(misuse).")
            Talk.say(
                meant.map { "\($0.usage)\nMore: headgate \($0.name) --help" }
                    ?? "All commands: headgate --help"
            )
            return meant?.whenInVain ?? .usage
        } catch let stop as Stop {
            Talk.say("headgate: \(stop)")
            return meant?.whenInVain ?? stop.exit
        } catch is CancellationError {
            return .interrupted
        } catch {
            Talk.say("headgate: \(error)")
            return meant?.whenInVain ?? Endings.exit(for: error)
        }
    }

    /// The command that the line's first words name and what follows them; no command when help is asked for, of all or
    /// of the family that follows.
    ///
    /// Global options may stand before the command as well as after it.
    private static func find(_ line: [String]) throws(Misuse) -> (Command?, [String]) {
        var ahead: [String] = []
        var rest = line[...]
        while let item = rest.first, item.hasPrefix("-") {
            rest.removeFirst()
            switch item {
            case "--help", "-h": return (nil, [])
            case "--version": return (.version, [])
            case _ where Command.globalOptions.contains(item):
                guard let value = rest.popFirst() else { throw .missingValue(item) }
                ahead += [item, value]
            case _ where Command.globalFlags.contains(item), _ where item.hasPrefix("--home="):
                ahead.append(item)
            default: throw .unknownOption(item)
            }
        }
        if rest.first == "help" {
            rest.removeFirst()
            rest.append("--help")
            if rest.count == 1 { return (nil, []) }
        }
        guard let first = rest.first else { throw .noCommand }
        for length in [3, 2, 1] where rest.count >= length {
            let name = rest.prefix(length).joined(separator: " ")
            if let command = commands.first(where: { $0.name == name }) {
                return (command, ahead + rest.dropFirst(length))
            }
        }
        let family = commands.map(\.name).filter { $0.hasPrefix(first + " ") }
        if !family.isEmpty, let second = rest.dropFirst().first, ["--help", "-h"].contains(second) {
            return (nil, [first])
        }
        if !family.isEmpty, rest.count == 1 { throw .unknownCommand(first, near: family) }
        throw .unknownCommand(
            rest.prefix(family.isEmpty ? 1 : 2).joined(separator: " "),
            near: family.isEmpty ? near(first) : family
        )
    }

    /// Prints a help text; a file or another program gets it as it was written.
    private static func explain(_ text: String) {
        let screen = Screen(descriptor: STDOUT_FILENO)
        let text = text.hasSuffix("\n") ? String(text.dropLast()) : text
        let lines = screen.isTerminal ? HelpLayout(text, width: screen.width).lines : [text]
        Output().line(lines.joined(separator: "\n"))
    }

    /// Commands whose name begins like `word`, for a slip of the finger.
    private static func near(_ word: String) -> [String] {
        commands.map(\.name).filter { $0.hasPrefix(word.prefix(3)) }
    }
}
