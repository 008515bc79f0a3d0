// SPDX-License-Identifier: Apache-2.0
import Connectors
import Store

extension Command {
    static let connectorNew = Command(
        name: "connector new",
        synopsis: "CONNECTOR [--kind KIND] [--auth WAY] [--into DIR]",
        summary: "makes a definition to begin with, which lints and whose tests pass",
        help: """
            Makes the folder CONNECTOR in the home's folder connectors/ with a definition for a made-up service, its
            tests, and a README that says what to change. A folder that is there already is left alone (exit 6).

              --kind KIND  how the stream remembers how far it has come: \(NewConnector.Kind.names); window without it
              --auth WAY   how it signs in: \(NewConnector.SignIn.names); header without it
              --into DIR   the folder to make it in, instead of the home's
            """,
        options: ["--kind", "--auth", "--into"],
        words: 1...1
    ) { invocation in
        let arguments = invocation.arguments
        let id = arguments.words[0]
        let kind: NewConnector.Kind = try choice(arguments, "--kind", else: .window)
        let signIn: NewConnector.SignIn = try choice(arguments, "--auth", else: .header)
        guard let made = NewConnector(id: id, kind: kind, signIn: signIn) else {
            throw Misuse.badValue(
                option: "the id",
                value: id,
                wanted: "small letters, digits, underscore and hyphen, 63 at most"
            )
        }
        if try invocation.place.shelf().items.contains(where: { $0.isShipped && $0.id == id }) {
            throw Stop(.refused, "\(id) is a shipped connector's id: give yours another one.")
        }
        let parent =
            try arguments.value("--into").map(Place.absolute)
            ?? Home.open(invocation.place.home).connectors
        let folder = parent + "/" + id
        try WriteFile.make(folder: folder)
        try WriteFile.make(folder: folder + "/tests")
        for file in made.files { try WriteFile.text(file.text, to: folder + "/" + file.path) }
        invocation.output.line(folder)
        invocation.say(
            "Read \(folder)/README.md, then check with: headgate connector lint \(folder), headgate connector test \(folder)"
        )
        return .done
    }

    private static func choice<Choice: RawRepresentable & CaseIterable>(
        _ arguments: Arguments,
        _ option: String,
        else other: Choice
    ) throws -> Choice where Choice.RawValue == String {
        guard let word = try arguments.value(option) else { return other }
        guard let choice = Choice(rawValue: word) else {
            throw Misuse.badValue(option: option, value: word, wanted: "one of \(Choice.names)")
        }
        return choice
    }
}

extension RawRepresentable where Self: CaseIterable, RawValue == String {
    fileprivate static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
