// SPDX-License-Identifier: Apache-2.0
import HTTPClient
import Basics
import Connectors
import Host
import JSON
import Source

extension Guide {
    /// What a step will change, a line each, in the order in which it is done.
    func plan(of step: FlowStep) -> [String] {
        let base = names()
        return ChangeItem.all(of: step, in: base, walk.changes).map { item in
            let words = (try? item.change.title.text(in: item.names(over: base))) ?? item.change.title.source
            let known = walk.changes.last { $0.change == item.change.id && $0.item == item.item }
            return known?.state == .made || known?.state == .found ? words + " (done already)" : words
        }
    }

    /// Makes a step's changes one by one; where one cannot be made, what was made is taken back if the person wants it.
    mutating func make(_ step: FlowStep) async throws -> Outcome {
        // Taken up after everything was made, there is nothing to do in anybody's name.
        if walk.saved[step.id] == .bool(true) { return .on(nil) }
        guard let session = try await personSession() else {
            await face.tell(.bad("Nobody is signed in, and these changes are made in a person's name."))
            return .on("signed-out")
        }
        for change in step.changes {
            // What an earlier change gave is named by later ones, so each is made out anew.
            let items = ChangeItem.all(of: step, in: names(), walk.changes).filter {
                $0.change.id == change.id
            }
            for item in items {
                do throws(ChangeRefused) {
                    try await make(item, through: session)
                } catch {
                    if error.isCancelled { throw CancellationError() }
                    await face.tell(.bad("\(words(item)): \(error.reply?.verdict?.message ?? error.reason)"))
                    if let remedy = error.reply?.remedy { await face.tell(.remedy(remedy)) }
                    return try await takeBack(step, through: session, after: error)
                }
                await face.tell(.good(words(item)))
            }
        }
        walk.saved[step.id] = true
        await person?.drop()
        person = nil
        await face.tell(.note("The sign-in was dropped; nothing of it was kept."))
        return .on(nil)
    }

    /// What a change is called, for what it is made.
    func words(_ item: ChangeItem) -> String {
        (try? item.change.title.text(in: item.names(over: names()))) ?? item.change.title.source
    }

    private mutating func make(_ item: ChangeItem, through session: Session) async throws(ChangeRefused) {
        let index = walk.changes.firstIndex { $0.change == item.change.id && $0.item == item.item }
        if let index, walk.changes[index].state == .made || walk.changes[index].state == .found { return }
        let wasIntended = index.map { walk.changes[$0].state == .intended } ?? false
        if let find = item.change.find {
            let reply = try await ask(find.request, item, session, nil)
            if reply.isSuccess, find.holds.holds(in: binding(reply, item, session)) {
                guard item.change.saveSecret != nil else {
                    // Found with our own mark after an interruption, it is what we were about to make.
                    try await note(item, wasIntended ? .made : .found, reply, item.change.saveFound)
                    return try await readBack(item, session)
                }
                try await discard(item, reply, session)
            }
        }
        try await note(item, .intended, nil)
        let reply = try await ask(item.change.request, item, session, item.change.retry)
        if reply.isSuccess {
            try await note(item, .made, reply, item.change.save)
        } else if let rule = reply.verdict?.rule, item.change.accept.contains(rule) {
            try await note(item, .found, nil)
        } else {
            throw ChangeRefused(reply: reply)
        }
        try await readBack(item, session)
    }

    /// Takes away a secret of ours whose answer never reached the vault: nobody knows it, and another takes its place.
    private mutating func discard(
        _ item: ChangeItem,
        _ reply: Source.Reply,
        _ session: Session
    ) async throws(ChangeRefused) {
        guard let undo = item.change.undo else { return }
        let body = try? Value(parsing: reply.body)
        for part in item.change.saveFound { walk.saved[part.name] = body?[part.pointer] }
        let answer = try await ask(undo, item, session, nil)
        guard answer.isSuccess || answer.status == 404 else { throw ChangeRefused(reply: answer) }
    }

    /// Looks whether the change is really there, as long as such things take to spread.
    private func readBack(_ item: ChangeItem, _ session: Session) async throws(ChangeRefused) {
        guard let look = item.change.readBack else { return }
        let until = bench.time.now + (item.change.retry?.limit ?? .seconds(30))
        while true {
            let reply = try await ask(look.request, item, session, nil)
            if reply.isSuccess, look.holds.holds(in: binding(reply, item, session)) { return }
            guard bench.time.now < until else {
                throw ChangeRefused(
                    reply: reply.isSuccess ? nil : reply,
                    reason: "it was made, and does not show"
                )
            }
            try await sleep(item.change.retry?.every ?? .seconds(2))
        }
    }

    /// Asks, and asks again while the refusal is one of those that pass by themselves.
    private func ask(
        _ request: RequestTemplate,
        _ item: ChangeItem,
        _ session: Session,
        _ retry: Change.Retry?
    ) async throws(ChangeRefused) -> Source.Reply {
        let started = bench.time.now
        let what = words(item)
        while true {
            let reply: Source.Reply
            do {
                reply = try await session.ask(request, for: .probe, with: item.names(over: names()))
            } catch { throw ChangeRefused.cancelled }
            guard !reply.isSuccess, let retry, let rule = reply.verdict?.rule, retry.on.contains(rule),
                bench.time.now + retry.every <= started + retry.limit
            else {
                await face.wait(nil)
                return reply
            }
            let now = bench.time.now
            await face.wait(
                Waiting(what, since: started, now: now, until: started + retry.limit, next: now + retry.every)
            )
            try await sleep(retry.every)
        }
    }

    private func sleep(_ time: Duration) async throws(ChangeRefused) {
        do { try await bench.time.sleep(for: time) } catch { throw ChangeRefused.cancelled }
    }

    private func binding(_ reply: Source.Reply, _ item: ChangeItem, _ session: Session) -> Names {
        let answer = Answer(
            of: session.definition.service(reply.service),
            service: reply.service,
            step: .probe,
            status: reply.status,
            headers: (reply.response?.headers ?? []).map { ($0.name, $0.value) },
            body: reply.body
        )
        var bound = item.names(over: names())
        bound["response"] = answer.bindings["response"]
        return bound
    }

    /// Writes down how far a change has come, before the next request goes out.
    private mutating func note(
        _ item: ChangeItem,
        _ state: ChangeEntry.State,
        _ reply: Source.Reply?,
        _ parts: [Change.SavedPart] = []
    ) async throws(ChangeRefused) {
        var saved: Object = [:]
        let body = reply.flatMap { try? Value(parsing: $0.body) }
        for part in parts { saved[part.name] = body?[part.pointer] }
        do {
            if let pointer = item.change.saveSecret, let text = body?[pointer]?.stringValue {
                let end = saved["secretExpires"]?.stringValue.flatMap { Timestamp(iso8601: $0) }
                try await stage(OfferedCredential(secret: Secret(text), until: end), isMade: true)
            }
            walk.changes.removeAll { $0.change == item.change.id && $0.item == item.item }
            walk.changes.append(
                ChangeEntry(change: item.change.id, item: item.item, state: state, saved: saved)
            )
            if item.item.isEmpty {
                for (name, value) in saved {
                    // What a change gives under the name of a field of the form fills that field.
                    if fields.contains(where: { $0.name == name }) { walk.credentials[name] = value }
                    walk.saved[name] = value
                }
            }
            isKept = true
            try await keep()
        } catch {
            throw ChangeRefused(reply: nil, reason: "what was done could not be written down: \(error)")
        }
    }

    // MARK: taking back

    private mutating func takeBack(
        _ step: FlowStep,
        through session: Session,
        after failure: ChangeRefused
    ) async throws -> Outcome {
        let made = walk.changes.filter { $0.state == .made }
        guard !made.isEmpty else { return await failed(step) }
        if isConversation {
            let question = Question(
                name: "undo",
                words: "Take back what was made so far?",
                kind: .one([
                    .init(id: "yes", label: "yes, take it back"),
                    .init(id: "no", label: "no, leave it and go on later"),
                ]),
                usual: "yes"
            )
            if case .text("no") = try await face.ask(question) {
                return .over(failing((failure.reply?.verdict?.message ?? failure.reason) + "."))
            }
        }
        let items = ChangeItem.all(of: step, in: names(), walk.changes)
        var isAllGone = true
        for entry in made.reversed() {
            guard let item = items.first(where: { $0.change.id == entry.change && $0.item == entry.item }),
                let undo = item.change.undo
            else { continue }
            let reply = try await session.ask(undo, for: .probe, with: item.names(over: names()))
            if reply.isSuccess || reply.status == 404 {
                await face.tell(.note("taken back: \(words(item))"))
                walk.changes.removeAll { $0.change == entry.change && $0.item == entry.item }
            } else {
                isAllGone = false
                await face.tell(
                    .bad("could not be taken back: \(words(item)) - \(reply.verdict?.message ?? "no answer")")
                )
            }
            try await keep()
        }
        // What has no undo of its own went with what it hung on, and what was found is looked for again.
        if isAllGone {
            let ids = Set(step.changes.map(\.id))
            walk.changes.removeAll { ids.contains($0.change) }
        }
        // Ids of what is gone must not be taken for something that is there.
        for name in step.changes.flatMap(\.save).map(\.name) {
            walk.saved[name] = nil
            if fields.contains(where: { $0.name == name }) { walk.credentials[name] = nil }
        }
        let ending = await failed(step)
        try await keep()
        return ending
    }

    /// Ends in failure: whoever tries next signs in anew, perhaps as somebody else, and sees the list again.
    private mutating func failed(_ step: FlowStep) async -> Outcome {
        await person?.drop()
        person = nil
        let agreed = flow.steps.filter { $0.of == step.id }.map(\.id)
        walk.done.removeAll { agreed.contains($0) }
        return .on("failed")
    }
}
