// SPDX-License-Identifier: Apache-2.0
package import Basics
package import Connectors
import Crypto
import JSON
import Status
import Store

extension SetupPlan {
    /// Works out what `document` comes to beside what `registry` and `settings` hold.
    ///
    /// Throws ``SetupRefused`` with everything that stands against it at once.
    package init(
        _ document: SetupDocument,
        _ registry: Registry,
        _ settings: Settings,
        _ shelf: Shelf,
        now: Timestamp
    ) throws {
        let merged = try document.settings(over: settings)
        var making = Making(
            document: document,
            registry: registry,
            shelf: shelf,
            fallbacks: merged.fallbacks,
            now: now
        )
        var items: [Item] = []
        let set = SettingKey.all.compactMap { key -> SetupDifference? in
            let (old, new) = (settings.value(key.name) ?? .null, merged.value(key.name) ?? .null)
            return old == new ? nil : SetupDifference(key.name, old, new)
        }
        if document.config != nil {
            items.append(
                Item(
                    kind: .settings,
                    name: "config.json",
                    action: set.isEmpty ? .unchanged : .update,
                    differences: set,
                    work: set.isEmpty ? .nothing : .settings(merged)
                )
            )
        }
        for app in document.apps { if let item = making.item(app) { items.append(item) } }
        for client in document.clients {
            items.append(making.item(client))
            for line in client.connections { if let item = making.item(line, client) { items.append(item) } }
        }
        guard making.problems.isEmpty else { throw SetupRefused(making.problems.map(document.placed)) }
        self.init(items: items)
    }

    /// The making of a plan, with what stands against it.
    fileprivate struct Making {
        let document: SetupDocument
        let registry: Registry
        let shelf: Shelf
        let fallbacks: [String: String]
        let now: Timestamp
        var problems: [AnswerProblem] = []
        /// Registrations that the document brings, as they will be.
        var brought: [Registration] = []
        /// Identities that the document has connected, by connector.
        var connected: [String: ConnectionKey] = [:]

        mutating func note(_ at: Pointer, _ sentence: String) {
            problems.append(AnswerProblem(at.description, sentence))
        }
    }
}

extension SetupPlan.Making {
    // MARK: registrations

    mutating func item(_ app: SetupDocument.App) -> SetupPlan.Item? {
        let known = registry.registrations.first { $0.path == app.path }
        var registration =
            known
            ?? Registration(
                id: Random.uuid(),
                cloud: app.cloud,
                tenant: app.tenant,
                clientKey: app.clientKey,
                created: now
            )
        let before = registration
        registration.current = credential(app.current, registration.current)
        registration.next = credential(app.next, registration.next)
        brought.append(registration)
        var found: [SetupDifference] = []
        for (name, old, new) in [
            ("current", before.current, registration.current), ("next", before.next, registration.next),
        ] where known != nil && old != new {
            found.append(SetupDifference(name, Self.words(old), Self.words(new)))
        }
        let action: SetupPlan.Action = known == nil ? .create : registration == before ? .unchanged : .update
        return SetupPlan.Item(
            kind: .registration,
            name: app.path,
            action: action,
            differences: known == nil ? new(registration) : found,
            work: action == .unchanged ? .nothing : .changes([.registration(registration)])
        )
    }

    private func new(_ registration: Registration) -> [SetupDifference] {
        registration.current.map { [SetupDifference("current", .null, Self.words($0))] } ?? []
    }

    private static func words(_ credential: Credential?) -> Value {
        guard let credential else { return .null }
        let expiry = credential.expiresAt.map { ", expires \($0.day)" } ?? ""
        return .string(
            "\(credential.kind.rawValue) at \(credential.reference?.description ?? "vault")\(expiry)"
        )
    }

    /// The credential as it will be: one that is stated where it is already changes its expiry at most.
    private mutating func credential(_ stated: SetupDocument.Key?, _ known: Credential?) -> Credential? {
        guard let stated else { return known }
        let source: Credential.Expiry =
            stated.expiresAt == nil ? .unknown : stated.kind == .certificate ? .verified : .declared
        guard var known else {
            return Credential(
                kind: stated.kind,
                reference: stated.reference,
                expiresAt: stated.expiresAt,
                expirySource: source,
                thumbprint: stated.thumbprint,
                added: now
            )
        }
        if known.kind == stated.kind, known.reference == stated.reference,
            stated.thumbprint == nil || stated.thumbprint == known.thumbprint
        {
            if let expiry = stated.expiresAt, expiry != known.expiresAt, known.expirySource != .verified {
                (known.expiresAt, known.expirySource) = (expiry, source)
            }
            return known
        }
        guard stated.reference != nil else {
            note(
                stated.at.appending("at"),
                "the secret here is another one, at \(known.reference?.description ?? "vault"), and no document can put "
                    + "one into the vault: use headgate connection add --secret-file FILE"
            )
            return known
        }
        return Credential(
            kind: stated.kind,
            version: known.version + 1,
            reference: stated.reference,
            expiresAt: stated.expiresAt,
            expirySource: source,
            thumbprint: stated.thumbprint,
            added: now
        )
    }

    // MARK: customers

    func item(_ client: SetupDocument.Client) -> SetupPlan.Item {
        let known = registry.customers.first { $0.id == client.id }
        var customer = known ?? Customer(id: client.id, name: client.name, created: now)
        var found: [SetupDifference] = []
        if let name = client.name, known != nil, name != customer.name {
            found.append(SetupDifference("name", .string(customer.name), .string(name)))
            customer.name = name
        }
        let action: SetupPlan.Action = known == nil ? .create : found.isEmpty ? .unchanged : .update
        return SetupPlan.Item(
            kind: .customer,
            name: client.id,
            action: action,
            differences: found,
            work: action == .unchanged ? .nothing : .changes([.customer(customer)])
        )
    }

    // MARK: connections

    mutating func item(_ line: SetupDocument.Line, _ client: SetupDocument.Client) -> SetupPlan.Item? {
        let key = ConnectionKey(customer: client.id, connection: line.name)
        if let app = line.app, !(registry.registrations + brought).contains(where: { $0.path == app }) {
            note(
                line.at.appending("registration"),
                "there is no registration \(app), here or in the document"
            )
        }
        do {
            if let existing = registry.connections.first(where: { $0.key == key }) {
                return try update(line, Carrying.carried(existing, shelf))
            }
            return try create(line, key)
        } catch let refused as AnswersRefused {
            problems += refused.problems.map { AnswerProblem(line.at.description + $0.pointer, $0.sentence) }
        } catch {
            note(line.at, "\(error)")
        }
        return nil
    }

    private mutating func update(_ line: SetupDocument.Line, _ existing: Connection) throws -> SetupPlan.Item
    {
        var changes = ConnectionChanges()
        changes.stated = ["connector": line.connector]
        changes.stated["cloud"] = line.cloud
        changes.stated["start"] = line.start
        changes.displayName = line.displayName
        changes.credentials = (line.credentials ?? [:]).mapValues { $0 }
        changes.noChanges = line.noChanges
        if let feeds = line.streams {
            changes.streams = feeds.map(\.id)
            var select: [String: Value] = [:]
            for feed in feeds {
                let known = existing.streams.first { $0.stream == feed.id }?.select
                select[feed.id] = feed.statesSelect ? feed.select : known
            }
            changes.select = select
        }
        if let tenant = line.tenant, tenant != existing.tenant {
            throw ReconfigureRefused("tenant", tenant, existing.tenant, existing.key)
        }
        let path = registry.registrations.first { $0.id == existing.registration }?.path
        if let app = line.app, let path, app != path {
            throw ReconfigureRefused("registration", app, path, existing.key)
        }
        var plan = try Reconfiguring.plan(changes, of: existing, registry, shelf, fallbacks)
        if line.isDraft == false, existing.isDraft { plan = plan.testing() }
        let holds = holds(line, existing)
        let held = holds.sorted { $0.key < $1.key }.map { stream, hold in
            let known = existing.streams.first { $0.stream == stream }?.hold
            return SetupDifference("hold." + stream, Self.words(known), Self.words(hold))
        }
        let found = plan.differences + held
        return SetupPlan.Item(
            kind: .connection,
            name: existing.key.description,
            action: found.isEmpty ? .unchanged : .update,
            differences: found,
            work: found.isEmpty ? .nothing : .reconfigure(plan, holds: holds)
        )
    }

    /// What becomes of the holds that are stated; what the list of plans decided stays its own.
    private func holds(_ line: SetupDocument.Line, _ existing: Connection?) -> [String: Hold?] {
        var holds: [String: Hold?] = [:]
        for feed in line.streams ?? [] where feed.statesHold {
            let known = existing?.streams.first { $0.stream == feed.id }?.hold
            if feed.hold == nil, known == nil || known?.by == Hold.licenseList { continue }
            if let known, let wanted = feed.hold, known.isLike(wanted) { continue }
            var hold = feed.hold
            hold?.at = now
            holds[feed.id] = .some(hold)
        }
        return holds
    }

    private static func words(_ hold: Hold?) -> Value {
        guard let hold else { return .null }
        let until = hold.until.map { " until \($0)" } ?? ""
        return .string("\(hold.kind.rawValue) by \(hold.by)\(until): \(hold.reason)")
    }

    private mutating func create(_ line: SetupDocument.Line, _ key: ConnectionKey) throws -> SetupPlan.Item {
        let app = (registry.registrations + brought).first { $0.path == line.app }
        var answers = Answers(
            customer: key.customer,
            connector: line.connector,
            name: line.name,
            cloud: line.cloud,
            credentials: line.credentials ?? [:],
            streams: line.streams?.map(\.id),
            start: line.start ?? "now"
        )
        answers.displayName = line.displayName
        answers.registration = app?.sharedName
        for feed in line.streams ?? [] { answers.select[feed.id] = feed.select }
        let form = try FilledForm(
            answers,
            definition: try shelf.usable(line.connector),
            clouds: shelf.clouds,
            fallbacks: fallbacks
        )
        _ = try registry.existing(answers, form)
        if let tenant = line.tenant, form.discoverable.isEmpty, tenant != form.tenant {
            note(line.at.appending("tenant"), "the credentials are for \(form.tenant), not for \(tenant)")
        }
        if let twin = connected.updateValue(key, forKey: form.definition.id + " " + form.identity) {
            note(
                line.at,
                "\(form.tenant) is connected as \(twin) already; every record would be collected twice"
            )
        }
        let all = Registry(registrations: registry.registrations + brought)
        let used = all.registration(answers, form, newID: "", now: now)
        if let app, app.id != used.id {
            note(
                line.at.appending("registration"),
                "its credentials are for the app \(used.path), not for \(app.path)"
            )
        }
        let connecting = SetupPlan.Connecting(
            answers: answers,
            form: form,
            isDraft: line.isDraft ?? false,
            noChanges: line.noChanges ?? false,
            holds: holds(line, nil)
        )
        return SetupPlan.Item(
            kind: .connection,
            name: key.description,
            action: .create,
            differences: [],
            work: .connect(connecting)
        )
    }
}

extension Hold {
    /// Whether it says the same as `other`, whenever either was said.
    fileprivate func isLike(_ other: Hold) -> Bool {
        kind == other.kind && by == other.by && reason == other.reason && until == other.until
    }
}
