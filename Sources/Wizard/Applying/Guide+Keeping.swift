// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Host
import JSON
import Probing
import Status
import Store

/// What is done with a connection that is set up already, besides giving it another credential.
extension Guide {
    // MARK: taking off

    private var removing: Removing {
        Removing(
            home: bench.home,
            ledger: bench.ledger,
            vault: bench.vault,
            shelf: bench.shelf,
            maker: bench.maker,
            time: bench.time
        )
    }

    private var stops: Bool { walk.answers["stop"] == "yes" }

    /// What taking it off does and leaves.
    func removalAhead() async throws -> [String] {
        guard let subject else { return [] }
        let plan = try await removing.plan(subject)
        var lines = ["goes: \(subject), with how far it has come"]
        if let app = plan.registration {
            let place = plan.place?.path.map { " (\($0))" } ?? ""
            lines.append("stays at the source: the app \(app.clientKey)\(place)")
            lines.append(
                plan.others.isEmpty
                    ? "goes: its credential here"
                    : "stays here: its credential, for \(plan.others.map(\.description).joined(separator: ", "))"
            )
        }
        for title in Set(plan.prepared.map(\.title)).sorted() {
            let count = plan.prepared.count { $0.title == title }
            let canStop = plan.prepared.contains { $0.title == title && $0.canBeTakenBack }
            let word = stops && canStop ? "stops at the source" : "stays at the source"
            lines.append("\(word): \(title), for \(count) streams")
        }
        lines.append("stays here: \(plan.archiveFiles) files in \(plan.archive)")
        if plan.gaps > 0 { lines.append("stays here: \(plan.gaps) gaps on record") }
        return lines
    }

    mutating func removeConnection() async throws -> Outcome {
        guard let subject else { return .over(.failed("It is not said which connection is meant.")) }
        let (removing, person) = (removing, bench.person)
        let plan = try await removing.plan(subject)
        if stops {
            let stopped = try await waiting("stopping at the source", upTo: .minutes(2)) {
                try await removing.stop(plan, by: person)
            }
            for one in stopped where one.outcome == .failed {
                await face.tell(.bad("\(one.stream): \(one.words ?? "it could not be stopped")"))
            }
            if stopped.contains(where: { $0.outcome == .failed }) {
                await face.tell(.note("Nothing was taken off."))
                return isConversation
                    ? .on("failed") : .over(.failed("It could not be stopped at the source."))
            }
            await face.tell(.good("\(stopped.count { $0.outcome == .stopped }) stopped at the source."))
        }
        _ = try await removing.remove(plan)
        await face.tell(.good("\(subject) is taken off."))
        return .on("removed")
    }

    // MARK: looking again

    mutating func repair() async throws -> Outcome {
        guard let subject, let connection = try await bench.ledger.connection(subject) else {
            return .over(.failed("It is not said which connection is meant."))
        }
        let bench = bench
        let outcome = try await waiting("testing, and waiting for the host", upTo: .minutes(3)) {
            try await Self.look(connection, bench)
        }
        verdict = outcome
        switch outcome {
        case .resolved(let wasWrong):
            let words =
                wasWrong
                ? "It is over: the host has collected since."
                : "Nothing is wrong: the host has just collected."
            await face.tell(.good(words))
            return .on("resolved")
        case .passes:
            await face.tell(.good("The test passes; the next pass proves it."))
            return .on("passes")
        case .trying(let words):
            await face.tell(.note(words))
            return .on("trying")
        case .person(let words, let remedy):
            await face.tell(.bad(words))
            if let remedy { await face.tell(.remedy(remedy)) }
            return isConversation ? .on("person") : .over(.failed(words))
        }
    }

    private static func look(_ connection: Connection, _ bench: Workbench) async throws -> Repair.Outcome {
        guard !connection.isDraft else { return try await Repair.finish(connection, bench.onboarding) }
        let streams = zip(connection.streams, connection.streamKeys).filter { $0.0.hold == nil }.map(\.1)
        let examiner = Examiner(
            ledger: bench.ledger,
            shelf: bench.shelf,
            maker: bench.maker,
            credentials: Credentials(bench.vault)
        )
        return try await Repair.look(
            at: connection,
            streams: streams,
            examiner,
            in: bench.ledger,
            time: bench.time
        )
    }

    // MARK: changing

    /// The change that was asked for; `nil` where nothing was chosen.
    private func planned() async throws -> Reconfiguring.Plan? {
        guard let subject, let connection = try await bench.ledger.connection(subject) else { return nil }
        var changes = ConnectionChanges()
        changes.streams = walk.answers["streams"]?[connection.connector]?.arrayValue?.compactMap(
            \.stringValue
        )
        return try await Reconfiguring(bench.onboarding).plan(changes, of: connection)
    }

    /// Whether a change was asked for that changes nothing.
    func isChangeless() async throws -> Bool {
        guard flow.purpose == .reconfigure else { return false }
        return try await planned()?.differences.isEmpty ?? false
    }

    func differences() async throws -> [String] {
        let lines = try await planned()?.differences.map(\.line) ?? []
        return lines.isEmpty ? ["nothing: it is so already"] : lines
    }

    mutating func reconfigure() async throws -> Outcome {
        guard let plan = try await planned() else {
            return .over(.failed("It is not said which connection is meant."))
        }
        let onboarding = bench.onboarding
        let result = try await waiting("testing the change", upTo: .minutes(3)) {
            try await Reconfiguring(onboarding).carryOut(plan)
        }
        switch result {
        case .unchanged: await face.tell(.note("Nothing had to be changed."))
        case .written: await face.tell(.good("It is changed."))
        case .tested(let added, let report):
            await face.tell(.test(report))
            await face.tell(.good("\(added.connection.key) is changed."))
        case .refused(let report):
            await face.tell(.test(report))
            await face.tell(.bad("It would keep the connection from collecting; nothing was changed."))
            return isConversation ? .on("refused") : .over(.failed("The change was refused."))
        }
        return .on("changed")
    }
}
