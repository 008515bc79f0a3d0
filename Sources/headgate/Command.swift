// SPDX-License-Identifier: Apache-2.0

/// One command of the tool: how it is called and what runs.
struct Command: Sendable {
    /// The words that call it, such as `connector list`.
    let name: String
    /// What follows the name, such as `CUSTOMER[/CONNECTION] [--json]`.
    let synopsis: String
    /// One line for the overview.
    let summary: String
    /// Everything below the synopsis in the command's own help.
    let help: String
    /// Options that take a value.
    var options: Set<String> = []
    /// Options that take none.
    var flags: Set<String> = []
    /// Options that stand alone or take one of these words.
    var choices: [String: Set<String>] = [:]
    /// How many words may follow.
    var words: ClosedRange<Int> = 0...0
    /// How it ends where it is called wrongly or cannot do its work, for one whose exit codes others have fixed.
    var whenInVain: Exit?
    let run: @Sendable (Invocation) async throws -> Exit

    static let globalOptions: Set<String> = ["--home"]
    static let globalFlags: Set<String> = ["--help", "--quiet", "--verbose", "--no-input"]

    var usage: String { "usage: headgate \(name)" + (synopsis.isEmpty ? "" : " " + synopsis) }

    /// Splits what follows the command's name.
    func arguments(from line: some Sequence<String>) throws(Misuse) -> Arguments {
        let all = try Arguments(
            splitting: line,
            options: options.union(Self.globalOptions),
            flags: flags.union(Self.globalFlags),
            choices: choices
        )
        guard !all.has("--help") else { return all }
        if all.words.count > words.upperBound { throw .tooManyWords(all.words[words.upperBound]) }
        if all.words.count < words.lowerBound {
            let named = synopsis.split(separator: " ").filter {
                $0.first?.isUppercase == true || $0.hasPrefix("[")
            }
            let at = all.words.count
            throw .missingWord(at < named.count ? String(named[at]) : "an argument")
        }
        return all
    }
}

/// What a running command has at hand.
struct Invocation: Sendable {
    let arguments: Arguments
    let place: Place
    let output: Output

    /// What a command that is named to the person takes besides, where this one was given a home; empty elsewhere.
    var homeAgain: String {
        (try? arguments.value("--home")).flatMap { $0 } == nil ? "" : " --home \(place.home)"
    }

    var isQuiet: Bool { arguments.has("--quiet") }
    var isVerbose: Bool { arguments.has("--verbose") }

    /// Says something to the person; data goes to ``output``.
    func say(_ sentence: String) {
        if !isQuiet { Talk.say(sentence) }
    }
}
