// SPDX-License-Identifier: Apache-2.0
import Basics
import Host
import JSON
import Status
import Store
import Wizard

/// Onboards customer after customer from a table, goes on past failures, and keeps the rows that failed for another try.
struct BatchOnboarding: Sendable {
    private let reception: Reception
    private let invocation: Invocation

    init(_ reception: Reception, _ invocation: Invocation) {
        self.reception = reception
        self.invocation = invocation
    }

    /// How a row ended.
    private struct Line {
        let customer: String
        let result: String
        let note: String
        var failed: Bool { result == "failed" }
    }

    func run(_ path: String) async throws -> Exit {
        let sheet: BatchSheet
        do { sheet = try BatchSheet(ReadFile.bytes(path)) } catch let problem as BatchSheet.Problem {
            throw Stop(.usage, "\(path): \(problem.description)")
        }
        var lines: [Line] = []
        var failed: [(row: BatchSheet.Row, why: String)] = []
        for (number, row) in sheet.rows.enumerated() {
            try Task.checkCancellation()
            invocation.say("\(number + 1) of \(sheet.rows.count): \(row["customer"] ?? "")")
            let line: Line
            do { line = try await onboard(row) } catch let cancelled as CancellationError {
                throw cancelled
            } catch {
                line = Line(customer: row["customer"] ?? "", result: "failed", note: "\(error)")
            }
            if line.failed { failed.append((row, line.note)) }
            lines.append(line)
            if invocation.arguments.has("--json") {
                invocation.output.line(
                    Value.object([
                        "schema": 1, "customer": .string(line.customer), "result": .string(line.result),
                        "note": .string(line.note),
                    ]).text()
                )
            }
        }
        // Tried again, the failed rows stay in the file they are in.
        let isAgain = path.hasSuffix(".failed.csv")
        let again = isAgain ? path : path + ".failed.csv"
        if failed.isEmpty {
            if !isAgain { WriteFile.remove(file: again) }
        } else {
            try WriteFile.text(sheet.text(of: failed), to: again)
        }
        if !invocation.arguments.has("--json") {
            var table = Table("customer", "result", "note")
            for line in lines { table.add(line.customer, line.result, line.note) }
            invocation.output.table(table)
            if !failed.isEmpty {
                invocation.output.line("\(failed.count) of \(lines.count) failed; to try these again:")
                invocation.output.line("headgate onboard --batch \(again)" + invocation.homeAgain)
            }
        }
        return failed.isEmpty ? .done : .notWell
    }

    private func onboard(_ row: BatchSheet.Row) async throws -> Line {
        var answers: Object = ["way": "app"]
        var credentials: Object = [:]
        for column in ["cloud", "start"] where row[column] != nil {
            answers[column] = row[column].map { .string($0) }
        }
        for column in ["tenantId", "tenantDomain", "clientKey"] where row[column] != nil {
            credentials[column] = row[column].map { .string($0) }
        }
        guard let customer = row["customer"], SetupName.isID(customer) else {
            throw Stop(.usage, "\"\(row["customer"] ?? "")\" is no id: \(SetupName.idRule).")
        }
        answers["secretExpires"] = row["expires"].map { .string($0) }
        answers["customer"] = .string(customer)
        answers["customerName"] = row["name"].map { .string($0) }
        let connectors = (row["connectors"] ?? "").split(separator: " ").map(String.init)
        if let streams = row["streams"], let only = connectors.first, connectors.count == 1 {
            let chosen = streams.split(separator: " ").map { Value.string(String($0)) }
            answers["streams"] = .object(Object([(only, .array(chosen))]))
        }
        guard let text = row["credential"], let reference = SecretReference(text) else {
            throw Stop(
                .usage,
                "The credential must be env:NAME, file:PATH or command:[\"program\",\"argument\"]."
            )
        }
        let ahead = AnswersAhead(answers: answers, credentials: credentials, connectors: connectors)
        var guide = reception.guide(
            try reception.flow(for: .setup, connectors, named: invocation.arguments.value("--flow")),
            face: SilentFace(says: false),
            answers: ahead.answers,
            credentials: ahead.credentials,
            offered: try await OfferedCredential.taken(from: reference),
            isConversation: false
        )
        try guide.look()
        let missing = guide.missing()
        guard missing.isEmpty else {
            throw Stop(.inputNeeded, "Missing: \(missing.joined(separator: ", ")).")
        }
        let known = try await reception.desk.ledger.connections().filter {
            $0.key.customer == customer && !$0.isDraft
                && (connectors.isEmpty || connectors.contains($0.connector))
        }
        let names = known.map(\.key.description).joined(separator: ", ")
        var updated = known.isEmpty ? "" : "\(names) was set up already, and is updated"
        if let start = row["start"], let first = known.first, known.contains(where: { $0.start != start }) {
            updated += "; where it began stays, history takes headgate backfill \(first.key)"
        }
        let ending: Guide.Ending
        do { ending = try await guide.run() } catch Unanswered.missing(let names) {
            throw Stop(.inputNeeded, "Missing: \(names.joined(separator: ", ")).")
        }
        switch ending {
        case .done: return Line(customer: customer, result: "done", note: updated)
        case .partly:
            let notes = ["some streams are blocked or left out", updated].filter { !$0.isEmpty }
            return Line(customer: customer, result: "partly", note: notes.joined(separator: "; "))
        case .failed(let why), .waiting(let why), .left(let why), .unanswered(let why):
            // The whole walk is made anew by the next try.
            _ = try await guide.abandon()
            return Line(customer: customer, result: "failed", note: Self.withoutResumption(why))
        }
    }

    /// A row is tried again as a whole, so that there is nothing to take up.
    private static func withoutResumption(_ words: String) -> String {
        words.firstRange(of: " Go on with:").map { String(words[..<$0.lowerBound]) } ?? words
    }
}
