// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Host
import JSON
import Status
import Store

extension Guide {
    /// The connection that the walk is about.
    var subject: ConnectionKey? {
        let parts = walk.answers["connection"]?.stringValue?.split(separator: "/") ?? []
        return parts.count == 2
            ? ConnectionKey(customer: String(parts[0]), connection: String(parts[1])) : nil
    }

    private var rotation: Rotation {
        Rotation(
            ledger: bench.ledger,
            vault: bench.vault,
            shelf: bench.shelf,
            maker: bench.maker,
            time: bench.time
        )
    }

    /// Where the walk keeps when the credential in use ends, once a test has read it.
    static let end = "credentialEnd"

    private var declaredEnd: Timestamp? {
        walk.answers["secretExpires"]?.stringValue.flatMap { Timestamp(iso8601: $0) }
    }

    /// Brings the credential of this walk into use for everything that uses the app.
    mutating func rotate() async throws -> Outcome {
        guard let subject else { return .over(.failed("It is not said which connection is meant.")) }
        let (rotation, offered, end) = (rotation, offered, declaredEnd)
        let result: RotationTurn.Result
        do {
            result = try await waiting("testing with the new credential", upTo: .minutes(10)) {
                let found = try await rotation.subject(of: subject)
                return try await RotationTurn(rotation, drops: false).run(found, offered, expires: end)
            }
        } catch let refused as CredentialRefused {
            return try await unfit(refused)
        }
        switch result.outcome {
        case .rotated:
            try await noteEnd(of: subject)
            let count = result.subject.connections.count
            await face.tell(
                .good("The new credential is in use, for \(count) connection\(count == 1 ? "" : "s").")
            )
            for key in result.subject.elsewhere {
                await face.tell(
                    .note(
                        "\(key) uses the same app for another tenant, with a credential of its own here; before the old one is "
                            + "deleted: headgate rotate \(key)"
                    )
                )
            }
            if let former = result.former, let place = rotation.place(of: former, in: result.subject) {
                await face.tell(.place(path: place.path, link: place.link))
            }
        case .refused, .doubtful: await tell(result.proof?.reason.map { ($0.words, $0.remedy) })
        case .dropped, .nothing: break
        }
        return try await ended(result.outcome.rawValue, result.outcome == .rotated)
    }

    /// Gives the connection another credential of the same app.
    mutating func reauthorise() async throws -> Outcome {
        guard let subject, let offered, let connection = try await bench.ledger.connection(subject) else {
            return .over(.failed("It is not said which connection is meant."))
        }
        let (rotation, end) = (rotation, declaredEnd)
        let result: ReauthTurn.Result
        do {
            result = try await waiting("testing with the credential", upTo: .minutes(10)) {
                try await ReauthTurn(rotation).renew(connection, offered, expires: end)
            }
        } catch let refused as CredentialRefused {
            return try await unfit(refused)
        }
        if let why = result.why {
            await tell((why.words, why.remedy))
        } else {
            try await noteEnd(of: subject)
            await face.tell(.good("\(subject) is authorised again."))
        }
        return try await ended(result.outcome.rawValue, result.outcome == .reauthorised)
    }

    /// Keeps what is known of the end of the credential that is in use now, so that nobody is asked for it.
    private mutating func noteEnd(of subject: ConnectionKey) async throws {
        let id = try await bench.ledger.connection(subject)?.registration
        let current = try await bench.ledger.registrations().first { $0.id == id }?.current
        walk.saved[Self.end] = current?.expiresAt.map { .string($0.description) }
    }

    /// Writes down what a person says of the end of the credential in use.
    mutating func declareEnd() async throws -> Outcome {
        if let subject, let end = declaredEnd {
            try await CredentialEnds.declare(end, of: subject, in: bench.ledger)
        }
        return .on(nil)
    }

    /// What is wrong at sight, such as the credential that is in use already, is one more to give another for.
    private func unfit(_ refused: CredentialRefused) async throws -> Outcome {
        guard isConversation else { throw refused }
        await face.tell(.bad(refused.description))
        return .on("refused")
    }

    private func tell(_ reason: (words: String, remedy: Remedy?)?) async {
        await face.tell(.bad(reason?.words ?? "it could not be told now"))
        if let remedy = reason?.remedy { await face.tell(.remedy(remedy)) }
    }

    /// An ending that a person can do something about goes on with them; without one it is the end.
    private func ended(_ outcome: String, _ isWell: Bool) async throws -> Outcome {
        guard !isWell, !isConversation else { return .on(outcome) }
        return .over(.failed("The credential was not taken into use; the one before stays in use."))
    }
}
