// SPDX-License-Identifier: Apache-2.0
import Basics
import Host
import JSON
import Status
import Store

/// What was begun or set up for the same customer before.
extension Guide {
    /// Keeps a second walk out, and says where the tenant is connected already.
    mutating func meetTenant() async throws -> Outcome {
        let tenant = tenant
        guard !tenant.isEmpty else { return .on("found") }
        if lock == nil {
            lock = try FlowLock(bench.home, subject: lockSubject)
        }
        await face.tell(.good("Tenant \(tenant)\(cloud.map { ", cloud \($0)" } ?? "")"))
        let customer = walk.answers["customer"]?.stringValue ?? ""
        let known = try await bench.ledger.connections().filter { connection in
            connection.tenant == tenant && connection.cloud == cloud
                && members.contains { $0.id == connection.connector }
        }
        if let foreign = known.first(where: { $0.key.customer != customer }) {
            let words =
                foreign.isDraft
                ? "This tenant is set up already as the draft \(foreign.key). Finish it: headgate repair \(foreign.key)"
                : "This tenant is connected already as \(foreign.key); every record would be collected twice. Go on "
                    + "with that customer: headgate onboard \(foreign.key.customer)"
            guard isConversation else { throw WizardFailure.taken(words) }
            await face.tell(.bad(words))
            if person != nil { await signOut() }
            lock = nil
            return .on("mismatch")
        }
        for connection in known {
            await face.tell(
                .note("\(connection.key) is set up already: going on will update it, never double it.")
            )
        }
        let standing = known.filter { !$0.isDraft }
        let isWhole = members.allSatisfy { member in standing.contains { $0.connector == member.id } }
        guard isConversation, isWhole, walk.connected.isEmpty, let first = standing.first else {
            return .on("found")
        }
        return try await meet(first.key)
    }

    /// Where all that was chosen is set up already, another command is often what is wanted.
    private mutating func meet(_ key: ConnectionKey) async throws -> Outcome {
        let answer = "setUpAlready"
        if walk.answers[answer] == "update" { return .on("found") }
        let question = Question(
            name: answer,
            words: "All that was chosen is set up already. What now?",
            kind: .one([
                .init(
                    id: "update",
                    label: "go through it again",
                    help: "What you answer takes the place of what is set; how far it has come stays."
                ),
                .init(
                    id: "leave",
                    label: "leave it as it is, and say the commands for single changes"
                ),
            ]),
            usual: "leave"
        )
        switch try await face.ask(question) {
        case .back: return .back
        case .text("update"):
            walk.answers[answer] = "update"
            return .on("found")
        case .text, .secret, .nothing:
            for (what, command) in [
                ("what is collected", "reconfigure"), ("a new credential", "rotate"),
                ("a credential that is refused", "reauth"), ("something that is wrong", "repair"),
            ] {
                await face.tell(.item("\(what): headgate \(command) \(key)"))
            }
            return .over(.done)
        }
    }

    /// Says that a walk for the same customer waits, and lets a person go on with that one instead.
    mutating func meetWalk() async throws -> Outcome? {
        guard !hasMetWalks, flow.purpose == .setup, let customer = walk.answers["customer"] else {
            return nil
        }
        hasMetWalks = true
        let others = try await bench.ledger.flows().filter { other in
            other.flow == flow.id && other.id != record.id && Walk(other.body).answers["customer"] == customer
        }
        guard let other = others.filter({ isLeft($0) }).max(by: { $0.touched < $1.touched }) else {
            return nil
        }
        let since = "\(other.begun.day) \(other.begun.clockText) UTC"
        guard isConversation else {
            let words =
                "A walk for this customer waits since \(since): \(bench.command) --resume \(other.id), or "
                + "--abandon \(other.id)"
            // The same once more would make another certificate, and write over the files that went out.
            let way = Walk(other.body).answers["way"]
            if way == walk.answers["way"], way != "app" {
                yields = true
                return .over(.waiting(words))
            }
            await face.tell(.note(words))
            return nil
        }
        let question = Question(
            name: "waitingWalk",
            words: "A walk for this customer was begun on \(since) and is not over. What now?",
            kind: .one([
                .init(id: "resume", label: "go on with it"),
                .init(id: "abandon", label: "give it up, and begin anew"),
                .init(id: "beside", label: "leave it, and begin another beside it"),
            ]),
            usual: "resume"
        )
        switch try await face.ask(question) {
        case .back:
            hasMetWalks = false
            return .back
        case .text("beside"): return nil
        case .text("abandon"):
            var former = self
            former.take(other)
            for line in try await former.abandon() {
                await face.tell(.item("still there, until somebody deletes it at the source: \(line)"))
            }
            return nil
        case .text, .secret, .nothing:
            try await finish()
            take(other)
            try await openStaged()
            return flow.steps.first.map { .to($0.id) }
        }
    }

    /// Whether a walk came as far as its tenant, and nobody is at it now.
    private func isLeft(_ other: FlowRecord) -> Bool {
        var former = self
        former.take(other)
        return !former.tenant.isEmpty && (try? FlowLock(bench.home, subject: former.lockSubject)) != nil
    }

    private var lockSubject: String { [cloud, tenant].compactMap(\.self).joined(separator: "/") }

    /// Becomes the walk that was written down.
    private mutating func take(_ other: FlowRecord) {
        record = other
        walk = Walk(other.body)
        isKept = true
        offered = nil
        certificate = nil
        tests = []
        reopened = []
        conversation = Conversation(flow)
    }
}
