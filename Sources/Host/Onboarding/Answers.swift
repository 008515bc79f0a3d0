// SPDX-License-Identifier: Apache-2.0
package import Basics
package import JSON

/// What a person answers to set up one connection, read from a file.
///
/// The file is read strictly: an unknown key is a slip that would otherwise silently change what is collected.
package struct Answers: Sendable, Equatable {
    /// The customer's id; made if it is new.
    package var customer: String
    /// The customer's name for people.
    package var customerName: String?
    /// The connection's name for people; the one it has, or its id, where absent.
    package var displayName: String?
    /// The id of the connector's definition.
    package var connector: String
    /// The connection's id within the customer.
    package var name: String
    /// The cloud by its name in clouds.json; the definition's default where absent.
    package var cloud: String?
    /// The answers by the definition's credential names; never a secret.
    package var credentials: [String: String]
    /// The chosen streams; `nil` means all that are enabled by default.
    package var streams: [String]?
    /// What is left out or blackened of a stream's records before they are stored, by stream; nothing unless chosen.
    package var select: [String: Value] = [:]
    /// How far back history is asked for: `now` or an ISO 8601 duration.
    package var start: String
    /// When the secret expires, as its owner declares it.
    package var secretExpires: Timestamp?
    /// The name of a shared registration, for a provider's own multi-tenant app.
    package var registration: String?

    /// The furthest that `start` may reach back.
    package static let furthest = Duration.days(7)

    /// How far back history is asked for; `nil` for none.
    package var reach: Duration? { Duration(iso8601: start) }

    /// The answers without places in a file, for callers that have no file.
    package init(
        customer: String,
        connector: String,
        name: String,
        cloud: String? = nil,
        credentials: [String: String] = [:],
        streams: [String]? = nil,
        start: String = "now"
    ) {
        self.customer = customer
        self.connector = connector
        self.name = name
        self.cloud = cloud
        self.credentials = credentials
        self.streams = streams
        self.start = start
    }
}

/// A file of answers: what it says and where it says it.
package struct AnswersFile: Sendable {
    package let answers: Answers
    private let document: Document

    /// Reads the file, or says everything that is wrong with it at once.
    package init(parsing bytes: [UInt8]) throws(AnswersRefused) {
        let document: Document
        do {
            document = try Document(parsing: bytes)
        } catch {
            throw AnswersRefused([AnswerProblem("", at: error.position, "the file is not JSON: \(error)")])
        }
        var reader = AnswersReader(document)
        let answers = reader.answers()
        guard reader.problems.isEmpty else { throw AnswersRefused(reader.problems) }
        self.answers = answers
        self.document = document
    }

    /// The same problem with its place in the file.
    package func placed(_ problem: AnswerProblem) -> AnswerProblem {
        var placed = problem
        placed.position = Pointer(problem.pointer).flatMap { pointer in
            document.position(of: pointer) ?? pointer.parent.flatMap { document.position(of: $0) }
        }
        return placed
    }
}
