// SPDX-License-Identifier: Apache-2.0
import Basics
import HTTPServer
import JSON

extension Cloud {
    /// Obeys a request to the control path; `log` is kept outside.
    func control(_ call: Call, _ log: RequestLog) throws(SimulatorFailure) -> Value {
        let parts = call.rest.split(separator: "/").map(String.init)
        switch (call.request.method, parts.first ?? "") {
        case ("GET", "log"):
            let since = call.query("since").flatMap { Int($0) } ?? 0
            let entries = log.entries.filter { $0.number > since }
            return ["count": .int(log.count), "entries": .array(entries.map(\.value))]
        case ("DELETE", "log"):
            log.clear()
            return ["count": .int(log.count)]
        case ("GET", "faults"): return faults.value
        case ("DELETE", "faults"):
            faults.remove(parts.count > 1 ? parts[1] : nil)
            return faults.value
        case ("POST", "faults"): return ["id": .string(faults.add(try Fault(Reading(call.request.body))))]
        case ("GET", "clock"): return clockValue
        case ("POST", "clock"): return try setClock(Reading(call.request.body))
        case ("POST", "auditing"): return try setAuditing(Reading(call.request.body))
        case ("POST", "subscription"): return try setSubscription(Reading(call.request.body))
        case ("POST", "item"): return try addItem(Reading(call.request.body))
        case ("POST", "change"): return try changeItem(Reading(call.request.body))
        case ("POST", "plans"): return try setPlans(Reading(call.request.body))
        case ("GET", "items"): return try heldItems(call)
        case ("POST", "blob"): return try addBlob(Reading(call.request.body))
        case ("POST", "app"): return try setApp(Reading(call.request.body))
        case ("POST", "tokens"):
            endTokens()
            return ["endedBefore": .string(tokensFrom.description)]
        case ("GET", "events"):
            guard let id = call.query("tenant").flatMap({ tenant($0.lowercased())?.id }),
                let type = call.query("contentType").flatMap({ ContentType(anyCase: $0) })
            else { throw .scenario(pointer: "", line: nil, reason: "events needs tenant and contentType") }
            let rows = bodies(id, type).flatMap { body in marks(body) }
            return .array(rows)
        default:
            if let value = try controlDirectory(call, parts.first ?? "") { return value }
            throw .scenario(pointer: "", line: nil, reason: "no control \(call.request.method) \(call.rest)")
        }
    }

    /// The bodies of all blobs of a type that can be seen now.
    func bodies(_ id: String, _ type: ContentType) -> [BlobBody] {
        guard let facts = tenant(id), let record = record(facts.id), let series = series(facts.id, type)
        else { return [] }
        let first = Timestamp(nanoseconds: .min / 2)
        return series.blobs(from: max(first, start - .days(400)), to: now + .seconds(1), now: now)
            .filter { record.auditing(at: $0.created).on }
            .map { body($0, type, facts) }
    }

    private func marks(_ body: BlobBody) -> [Value] {
        var rows: [Value] = []
        _ = body.bytes(generator) { mark in
            rows.append([
                "Id": .string(mark.id), "Operation": .string(mark.operation),
                "RecordType": .int(mark.recordType),
            ])
        }
        return rows
    }

    private var clockValue: Value {
        [
            "now": .string(now.millisecondsText), "offsetSeconds": .int(clock.offset.wholeSeconds),
            "frozen": .bool(clock.isFrozen),
        ]
    }

    private func setClock(_ from: Reading) throws(SimulatorFailure) -> Value {
        try from.check("controlClock")
        if let offset = try from.duration("offset", signed: true) { clock.set(offset: offset) }
        if let moment = try from.moment("now") { clock.set(to: moment.instant(start: start)) }
        if let step = try from.duration("advance", signed: true) { clock.advance(by: step) }
        if let frozen = try from.truth("frozen") { if frozen { clock.freeze() } else { clock.thaw() } }
        return clockValue
    }

    func knownTenant(_ from: Reading) throws(SimulatorFailure) -> String {
        let name = try from.needed("tenant").lowercased()
        guard let id = tenant(name)?.id else { throw from.failure("unknown tenant", at: "tenant") }
        return id
    }

    private func setAuditing(_ from: Reading) throws(SimulatorFailure) -> Value {
        try from.check("controlAuditing")
        guard let on = try from.truth("on") else { throw from.failure("needs \"on\": true or false") }
        setAuditing(
            try knownTenant(from),
            on: on,
            at: try from.moment("at")?.instant(start: start) ?? now,
            answers: try Scenario.AuditingChange.silence(from) ?? .errors,
            delay: try from.duration("delay"),
            onAfterPolls: try Scenario.AuditingChange.polls(from, on: on)
        )
        return ["on": .bool(on)]
    }

    func setAuditing(
        _ id: String,
        on: Bool,
        at: Timestamp,
        answers: Scenario.AuditingChange.Silence,
        delay: Duration?,
        onAfterPolls: Int? = nil
    ) {
        let delay = delay ?? knobs.auditingDelay
        _ = change(id) { record in
            record.switchAuditing(on, at: at, answers: answers, delay: delay)
            record.auditingPolls = onAfterPolls
        }
    }

    private func setSubscription(_ from: Reading) throws(SimulatorFailure) -> Value {
        try from.check("controlSubscription")
        let id = try knownTenant(from)
        guard let type = try from.type("type") else { throw from.failure("needs the text \"type\"") }
        let app = try from.guid("app")
        let state = try from.needed("state")
        guard ["enabled", "disabled"].contains(state) else {
            throw from.failure("expected enabled or disabled", at: "state")
        }
        let since = try from.moment("since")?.instant(start: start)
        setSubscription(id, type, app: app, enabled: state == "enabled", since: since)
        return ["state": .string(state)]
    }

    /// Enables or disables a subscription as an admin would, cool-down or not.
    func setSubscription(
        _ id: String,
        _ type: ContentType,
        app: String,
        enabled: Bool,
        since: Timestamp? = nil
    ) {
        let (now, start) = (now, start)
        _ = change(id) { record in
            let old = record.subscription(app, type, start: start)
            let kept = since ?? old?.since ?? now
            record.subscriptions[.init(app: app, type: type)] = .init(
                enabled: enabled,
                since: kept,
                showsFrom: old?.showsFrom ?? kept,
                webhook: old?.webhook
            )
        }
    }

    private func addBlob(_ from: Reading) throws(SimulatorFailure) -> Value {
        try from.check("controlBlob")
        guard let type = try from.type("type") else { throw from.failure("needs the text \"type\"") }
        let placed = Scenario.PlacedBlob(
            created: try from.moment("created") ?? .at(now),
            visible: try from.moment("visible") ?? .at(now),
            try Scenario.PlacedBlob.content(from)
        )
        return .array(addBlob(placed, tenant: try knownTenant(from), type).map { .string($0) })
    }

    /// Puts a blob and answers the ids it got.
    func addBlob(_ placed: Scenario.PlacedBlob, tenant id: String, _ type: ContentType) -> [String] {
        guard var series = series(id, type) else { return [] }
        let indices = series.place(placed, start: start)
        let changed = series
        _ = change(id) { $0.series[type] = changed }
        return indices.compactMap { series.blob($0)?.id(type) }
    }

    /// Puts an app in place of the one of the same id; what is not told stays as it was.
    private func setApp(_ from: Reading) throws(SimulatorFailure) -> Value {
        let app = try Scenario.App(from)
        register(app, told: Set(from.value.objectValue?.keys ?? []))
        return ["id": .string(app.id)]
    }
}
