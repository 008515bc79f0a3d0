// SPDX-License-Identifier: Apache-2.0
import Basics
import JSON
import Status
import Store

/// A set-up as a document states it; what it does not mention is left alone.
package struct SetupDocument: Sendable, Equatable {
    /// An app with its credentials, which are named and never there themselves.
    struct App: Sendable, Equatable {
        var at: Pointer
        var cloud: String
        var tenant: String
        var clientKey: String
        var current: Key?
        var next: Key?

        /// The name by which connections refer to it.
        var path: String { Registration.path(cloud, tenant, clientKey) }
    }

    /// A credential: what it is and where it is, a reference or the vault.
    struct Key: Sendable, Equatable {
        var at: Pointer
        var kind: Credential.Kind
        /// `nil` for the vault.
        var reference: SecretReference?
        var expiresAt: Timestamp?
        var thumbprint: String?

        /// Where it is, as the document says it.
        var place: String { reference?.description ?? "vault" }
    }

    /// A customer with its connections.
    struct Client: Sendable, Equatable {
        var at: Pointer
        var id: String
        var name: String?
        var connections: [Line] = []
    }

    /// A connection.
    struct Line: Sendable, Equatable {
        var at: Pointer
        var connector: String
        var name: String
        var displayName: String?
        var cloud: String?
        var tenant: String?
        var credentials: [String: String]?
        var app: String?
        var streams: [Feed]?
        var start: String?
        var isDraft: Bool?
        var noChanges: Bool?
    }

    /// A stream of a connection.
    struct Feed: Sendable, Equatable {
        var id: String
        /// What holds it; `nil` for nothing, where ``statesHold`` says so.
        var hold: Hold?
        var statesHold = false
        /// What is left out of it; `nil` for nothing, where ``statesSelect`` says so.
        var select: Value?
        var statesSelect = false
    }

    var config: Object?
    var apps: [App] = []
    var clients: [Client] = []
    private let document: Document

    /// Reads a document as `headgate export` writes it, or says everything that is wrong with it at once.
    package init(parsing bytes: [UInt8]) throws(SetupRefused) {
        let document: Document
        do {
            document = try Document(parsing: bytes)
        } catch {
            throw SetupRefused([AnswerProblem("", at: error.position, "the file is not JSON: \(error)")])
        }
        self.document = document
        var reader = SetupReader(document)
        (config, apps, clients) = reader.read()
        guard reader.problems.isEmpty else { throw SetupRefused(reader.problems) }
    }

    /// The same problem with its place in the file.
    func placed(_ problem: AnswerProblem) -> AnswerProblem {
        var placed = problem
        var pointer = Pointer(problem.pointer)
        while let place = pointer, placed.position == nil {
            placed.position = document.position(of: place)
            pointer = place.parent
        }
        return placed
    }

    /// `settings` with what the document says of them over it.
    package func settings(over settings: Settings) throws(SetupRefused) -> Settings {
        guard let config else { return settings }
        do throws(StoreFailure) {
            return try settings.merging(config)
        } catch {
            throw SetupRefused([placed(AnswerProblem("/config", error.description))])
        }
    }

    package static func == (left: SetupDocument, right: SetupDocument) -> Bool {
        left.config == right.config && left.apps == right.apps && left.clients == right.clients
    }
}

/// A document of a set-up that cannot be taken, with every reason at once.
package struct SetupRefused: Error, Sendable, Equatable, CustomStringConvertible {
    package let problems: [AnswerProblem]

    /// Refuses for at least one reason.
    init(_ problems: [AnswerProblem]) { self.problems = problems }

    package var description: String {
        let head =
            problems.count == 1 ? "The document has a problem" : "The document has \(problems.count) problems"
        return "\(head):\n" + problems.map { "  " + $0.description }.joined(separator: "\n")
            + "\nNothing was changed; correct the file and try again."
    }
}
