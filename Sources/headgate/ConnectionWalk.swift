// SPDX-License-Identifier: Apache-2.0
import Glibc
import JSON
import Status
import Store
import Wizard

/// Leads a person at a terminal through what is done with a connection that is set up already.
enum ConnectionWalk {
    /// Whether there is somebody to lead: a terminal, and nobody who asked for something else.
    static func isPossible(_ invocation: Invocation) -> Bool {
        isatty(STDIN_FILENO) == 1 && !invocation.arguments.has("--no-input")
            && !invocation.arguments.has("--json")
    }

    static func lead(_ purpose: Flow.Purpose, _ key: ConnectionKey, _ invocation: Invocation) async throws
        -> Exit
    {
        try await Interruption.running {
            let reception = try await Reception(invocation, folder: ".")
            guard let connection = try await reception.desk.ledger.connection(key) else {
                throw StoreFailure.missing("connection \(key)")
            }
            var answers: Object = [
                "customer": .string(key.customer), "connection": .string("\(key)"),
                "connectors": .array([.string(connection.connector)]),
            ]
            answers["presentStreams"] = .object(
                Object([(connection.connector, .array(connection.streams.map { .string($0.stream) }))])
            )
            answers["cloud"] = connection.cloud.map { .string($0) }
            let guide = reception.guide(
                try reception.flow(for: purpose, [connection.connector]),
                face: TerminalFace(),
                answers: answers,
                credentials: connection.credentials.objectValue ?? [:],
                isConversation: true
            )
            return try await OnboardCommand.lead(guide, invocation)
        }
    }
}
