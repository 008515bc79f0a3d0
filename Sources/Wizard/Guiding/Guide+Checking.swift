// SPDX-License-Identifier: Apache-2.0
import Status
import Identity
import Basics
import Connectors
import Host
import JSON
import Probing
import Source
import Store

extension Guide {
    /// Finds something out; the outcome's name decides the way.
    mutating func check(_ step: FlowStep) async throws -> Outcome {
        switch step.run {
        case .tenant?: return try await findTenant(step)
        case .signIn?: return try await signIn(step)
        case .signOut?:
            await signOut()
            return .on("signed-out")
        case .probe?: return try await probe(step)
        case .firstCycle?: return try await collectFirst(step)
        default: return .on(nil)
        }
    }

    // MARK: the tenant

    /// Asks the public documents that the connectors' own tests name, before any secret is looked at.
    private mutating func findTenant(_ step: FlowStep) async throws -> Outcome {
        guard let definition = definitions.first(where: { $0.probe.contains { $0.kind == .discovery } })
        else {
            return .on("found")
        }
        for look in definition.probe where look.kind == .discovery {
            guard let request = look.request else { continue }
            let session = try publicSession(definition)
            let reply = try await waiting("asking which tenant this is", upTo: definition.limits.timeout) {
                try await session.ask(request, for: .probe)
            }
            guard reply.isSuccess else { return try await unknownTenant(step, reply) }
            let answer = Answer(
                of: definition.service(request.service),
                service: request.service,
                step: .probe,
                status: reply.status,
                body: reply.body
            )
            let found = session.bindings(request.service, answer.bindings)
            for provided in look.provides {
                guard let text = try? provided.value.text(in: found), !text.isEmpty else { continue }
                let value = definition.credential(provided.field)?.normalised(text) ?? text
                if let given = walk.credentials[provided.field]?.stringValue, given != value {
                    let label = definition.credential(provided.field)?.label ?? provided.field
                    try await refuse(
                        "What was entered belongs to \(label) \(value), not to \(given).",
                        provided.field
                    )
                    return .on("mismatch")
                }
                walk.credentials[provided.field] = .string(value)
            }
        }
        return try await meetTenant()
    }

    private mutating func unknownTenant(_ step: FlowStep, _ reply: Source.Reply) async throws -> Outcome {
        await face.tell(.bad(reply.verdict?.message ?? "The tenant could not be found."))
        if let remedy = reply.remedy { await face.tell(.remedy(remedy)) }
        guard isConversation else {
            return .over(.failed(reply.verdict?.message ?? "the tenant was not found"))
        }
        return .on("unknown")
    }

    /// A session without a credential: what it asks is public.
    private func publicSession(_ definition: Definition) throws -> Session {
        try bench.maker.session(
            definition,
            for: SessionMaker.Subject(
                customer: walk.answers["customer"]?.stringValue ?? "",
                connection: members.first.map(connectionName) ?? "",
                cloud: cloud,
                tenant: definition.tenant { entered[$0] },
                credentials: walk.credentials,
                registration: "",
                credential: .federatedFile(""),
                credentialVersion: 0
            )
        )
    }

    // MARK: the connection test

    /// Makes every chosen connector ready to be tested; where one cannot be, it is said, and comes to the outcome given.
    mutating func ready() async throws -> Outcome? {
        do {
            tests = try await prepare()
            return nil
        } catch let refused as AnswersRefused {
            return try await misfit(refused.description)
        } catch let refused as CredentialRefused {
            return try await misfit(refused.description)
        } catch let lost as NotFoundOut {
            return try await misfit(lost.description)
        }
    }

    /// Tests every chosen connector; the outcome is the stage of the first failure that concerns a whole connection.
    ///
    /// A refused credential is a matter of `Authentication` wherever it shows: not every service has tokens.
    /// Where there is none, it is `unlicensed` for one that the tenant has no plan for at all, `partly` where single
    /// streams cannot be collected, each only where the flow leads on from it and somebody can be asked.
    mutating func probe(_ step: FlowStep) async throws -> Outcome {
        if let outcome = try await ready() { return outcome }
        for index in tests.indices {
            try await test(index, upTo: nil)
            if let report = tests[index].report { await face.tell(.test(report)) }
        }
        try await tellPermissions()
        guard let worst = tests.lazy.compactMap(\.failure).first else {
            guard isConversation else { return .on("pass") }
            if tests.contains(where: \.isUnlicensed), step.next["unlicensed"] != nil {
                return .on("unlicensed")
            }
            if tests.contains(where: \.lacksStreams), step.next["partly"] != nil { return .on("partly") }
            return .on("pass")
        }
        let stages = [worst.stage] + (worst.faultClass == .auth ? [.authentication] : [])
        if let stage = stages.first(where: { step.next[$0.rawValue] != nil }), isConversation {
            return .on(stage.rawValue)
        }
        return try await stuck(worst.stage)
    }

    /// What was entered does not fit the connectors; a person can go back and put it right.
    private func misfit(_ sentence: String) async throws -> Outcome {
        guard isConversation else { return .over(.failed(sentence)) }
        await face.tell(.bad(sentence))
        return .back
    }

    /// A failure that the flow has no way around: try again, keep it as a draft, or stop here.
    private mutating func stuck(_ stage: ProbeStep.Stage) async throws -> Outcome {
        let message =
            tests.compactMap { $0.report?.firstFailure?.message }.first ?? "\(stage.rawValue) failed"
        guard isConversation else { return .on("failed") }
        let question = Question(
            name: "afterFailure",
            words: "What now?",
            kind: .one([
                .init(id: "again", label: "test again, when it is put right"),
                .init(id: "draft", label: "keep it as a draft and stop here"),
                .init(id: "leave", label: "stop here and go on later"),
            ]),
            usual: "again"
        )
        switch try await face.ask(question) {
        case .back: return .back
        case .text("draft"): return .on("failed")
        case .text("leave"): return .over(failing(message + "."))
        case .text, .secret, .nothing: return try await probe(flow.steps[conversation.place])
        }
    }

    /// Puts answers, form and credential together for each chosen connector.
    func prepare() async throws -> [Tested] {
        var tests: [Tested] = []
        for member in members {
            let definition = try bench.shelf.usable(member.id)
            var tested = Tested(member: member, definition: definition)
            tested.prepared = try await bench.onboarding.prepare(answersFile(member, definition), offered)
            tests.append(tested)
        }
        return tests
    }

    /// Runs a connector's test as far as a stage, or whole, and keeps what it found.
    mutating func test(_ index: Int, upTo stage: ProbeStep.Stage?) async throws {
        guard let prepared = tests[index].prepared else { return }
        let (title, isAlone) = (tests[index].definition.title, tests.count == 1)
        let face = face
        let time = bench.time
        let since = time.now
        let subject = ProbeSubject(prepared)
        tests[index].report = try await Prober.run(subject, upTo: stage) { what in
            await face.wait(
                Waiting(
                    isAlone ? what : "\(title): \(what)",
                    since: since,
                    now: time.now,
                    until: since + .minutes(10)
                )
            )
        }
        await face.wait(nil)
        tests[index].granted = try await granted(prepared)
    }

    /// The permissions in the tokens of the services that the definition declares some for.
    private func granted(_ prepared: Prepared) async throws -> [String: Set<String>] {
        var found: [String: Set<String>] = [:]
        let definition = prepared.form.definition
        for service in Set(definition.permissions.map(\.service)) {
            guard
                case .proof(let proof) = try await prepared.session.prove(
                    service,
                    since: Timestamp(seconds: 0)
                )
            else { continue }
            found[service] = Set(proof.token?.claims?.permissions ?? [])
        }
        return found
    }

    private func tellPermissions() async throws {
        let table = PermissionTable(tests, others: try await neighbours())
        guard !table.rows.isEmpty else { return }
        await face.tell(.table(PermissionTable.head, table.rows.map(\.cells)))
        guard !table.spare.isEmpty else { return }
        await face.tell(
            .note("Not needed, and would make tests surer: \(table.spare.joined(separator: ", ")).")
        )
    }

    /// What the connections are defined by that use the app already, whichever customer's they are.
    private func neighbours() async throws -> [Definition] {
        guard let client = walk.credentials["clientKey"]?.stringValue, !client.isEmpty else { return [] }
        let own = try await bench.ledger.registrations().filter {
            $0.clientKey == client && $0.cloud == cloud
        }
        let ids = Set(own.map(\.id))
        let connectors = Set(
            try await bench.ledger.connections().filter { $0.registration.map(ids.contains) == true }
                .map(\.connector)
        )
        return connectors.compactMap { try? bench.shelf.definition($0) }
    }

    /// The answers for one connector, as a file would hold them.
    func answersFile(_ member: Flow.Member, _ definition: Definition) throws -> AnswersFile {
        var object: Object = [
            "customer": walk.answers["customer"] ?? "", "connector": .string(member.id),
            "name": .string(connectionName(member)),
            "start": walk.answers["start"] ?? "now",
        ]
        object["customerName"] = walk.answers["customerName"]
        if definition.usesCloud { object["cloud"] = cloud.map { .string($0) } }
        let known = Set(definition.credentials.filter { !$0.isSecret }.map(\.name))
        object["credentials"] = .object(
            Object(walk.credentials.filter { known.contains($0.key) }.map { ($0.key, $0.value) })
        )
        object["streams"] = walk.answers["streams"]?[member.id]
        object["secretExpires"] = walk.answers["secretExpires"]
        object["registration"] = walk.answers["registration"]
        return try AnswersFile(parsing: Value.object(object).bytes())
    }

    private func connectionName(_ member: Flow.Member) -> String {
        walk.answers["names"]?[member.id]?.stringValue ?? member.name
    }
}
