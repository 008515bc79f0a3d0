// SPDX-License-Identifier: Apache-2.0
import Basics
import HTTPServer
import JSON

extension Cloud {
    /// The publisher that a request names.
    func publisher(_ call: Call) -> String? {
        call.query("PublisherIdentifier").flatMap { $0.isEmpty ? nil : $0 }
    }

    func expiredText(_ id: String) -> String {
        "Content requested with the key \(id) has already expired. Content older than 7 days cannot be retrieved."
    }

    func auditingOff(_ call: Call, _ app: String) -> Refusal {
        .auditingOff(
            call.operation,
            tenant: call.tenant,
            app: app,
            type: call.query("contentType") ?? Blob.parts(ofID: call.rest)?.type.rawValue ?? "",
            publisher: publisher(call) ?? noPublisher,
            correlation: guid()
        )
    }

    /// How auditing of a tenant stands to one who asks for it by starting a subscription, a cmdlet or a search.
    func askAuditing(_ record: TenantRecord) -> TenantRecord.Auditing {
        guard record.auditingPolls != nil else { return record.auditing(at: now) }
        let now = now
        return change(record.facts.id) { $0.askAuditing(at: now) } ?? record.auditing(at: now)
    }

    /// Answers an operation of the feed; the order of the checks is our choice, the service's is not documented.
    func feed(_ call: Call, _ acting: [Fault]) throws(Refusal) -> Decision.Answer {
        let token = try bearer(call, service: "manage")
        guard isGUID(call.tenant) else {
            throw .feed(
                400,
                "AF20013",
                "The tenant ID passed in the URL (\(call.tenant)) is not a valid GUID."
            )
        }
        guard call.tenant == token.tenant else {
            throw .feed(
                400,
                "AF20010",
                "The tenant ID passed in the URL (\(call.tenant)) does not match the tenant ID passed in the access "
                    + "token (\(token.tenant))."
            )
        }
        guard let record = record(call.tenant) else {
            throw .feed(
                400,
                "AF20011",
                "Specified tenant ID (\(call.tenant)) does not exist in the system or has been deleted."
            )
        }
        let named = call.query("contentType")
        let type = named.flatMap { ContentType(anyCase: $0) } ?? Blob.parts(ofID: call.rest)?.type
        try permit(token, type?.permission ?? "ActivityFeed.Read")
        let auditing = call.operation == .start ? askAuditing(record) : record.auditing(at: now)
        if !auditing.on, auditing.answers == .errors || call.operation == .start {
            throw auditingOff(call, token.app)
        }
        switch call.operation {
        case .start, .stop, .content, .notifications:
            guard named != nil else { throw .feed(400, "AF20001", "Missing parameter: contentType.") }
            guard type != nil else { throw .feed(400, "AF20020", "The specified content type is not valid.") }
        case .fetch:
            guard type != nil else {
                throw .feed(400, "AF20052", "Blob key \(call.rest) in the url is invalid")
            }
        default: break
        }
        if let publisher = publisher(call), !isGUID(publisher) {
            throw .feed(400, "AF20002", "Invalid parameter type: PublisherIdentifier. Expected type: guid")
        }
        switch (call.operation, type) {
        case (.list, _):
            try throttle(call)
            return .response(.feed(subscriptions(record, token.app)))
        case (.sensitiveTypes, _):
            try throttle(call)
            return .response(try sensitiveTypes(call))
        case (.start, let type?):
            try throttle(call)
            return .response(try startSubscription(call, token.app, type))
        case (.stop, let type?):
            try throttle(call)
            return .response(try stopSubscription(call, token.app, type))
        case (.content, let type?), (.notifications, let type?):
            let since = try enabled(record, token.app, type)
            return .response(try listing(call, record, type, since, acting))
        case (_, let type?):
            let since = try enabled(record, token.app, type)
            return try fetch(call, record, type, since)
        case (_, nil): throw .feed(400, "AF20020", "The specified content type is not valid.")
        }
    }

    /// The token that came, if it is one of ours for `service` and still good.
    func bearer(_ call: Call, service: String) throws(Refusal) -> AccessToken {
        guard let text = call.token, let token = AccessToken(text, key: tokenKey), token.expires > now,
            token.issued >= tokensFrom, scenario.audiences[service]?.contains(token.audience) ?? false
        else { throw .denied }
        return token
    }

    private func permit(_ token: AccessToken, _ permission: String) throws(Refusal) {
        guard !token.roles.contains(permission) else { return }
        throw .feed(
            401,
            "AF10001",
            "The permission set (\(token.roles.joined(separator: " "))) sent in the request does not include the "
                + "expected permission."
        )
    }

    func throttle(_ call: Call) throws(Refusal) {
        let limit = record(call.tenant)?.facts.requestsPerMinute ?? knobs.requestsPerMinute
        guard change(call.tenant, { $0.exceeds(limit, real: clock.real) }) ?? false else { return }
        let publisher = publisher(call) ?? noPublisher
        throw .throttled(
            call.operation,
            publisher: publisher,
            status: knobs.throttleStatus,
            retryAfter: knobs.retryAfter
        )
    }

    /// From when content is kept and shown for an enabled subscription.
    private func enabled(
        _ record: TenantRecord,
        _ app: String,
        _ type: ContentType
    ) throws(Refusal) -> TenantRecord.Subscription {
        guard let found = record.subscription(app, type, start: start) else {
            throw .feed(400, "AF20022", "No subscription found for the specified content type.")
        }
        guard found.enabled else { throw .feed(400, "AF20023", "The subscription was disabled.") }
        return found
    }

    // MARK: Subscriptions

    private func subscriptions(_ record: TenantRecord, _ app: String) -> Value {
        let rows = ContentType.allCases.compactMap { type in
            record.subscription(app, type, start: start).map { self.value($0, type) }
        }
        return .array(rows)
    }

    private func value(_ subscription: TenantRecord.Subscription, _ type: ContentType) -> Value {
        [
            "contentType": .string(type.rawValue), "status": subscription.enabled ? "enabled" : "disabled",
            "webhook": subscription.webhook?.value(now: now) ?? .null,
        ]
    }

    private func startSubscription(_ call: Call, _ app: String, _ type: ContentType) throws(Refusal)
        -> Response
    {
        guard let record = record(call.tenant) else { throw .denied }
        let webhook = try webhook(call)
        let old = record.subscription(app, type, start: start)
        let isIdle = (old?.enabled ?? false) && old?.webhook == webhook
        let key = knobs.coolDownPerTenant ? app : app + " " + type.rawValue
        let coolDown = knobs.startCoolDown
        if let last = record.starts[key], now < last + coolDown, last <= now {
            throw .coolDown(seconds: Int((last + coolDown - now).wholeSeconds))
        }
        if !isIdle || knobs.idleStartCounts { _ = change(call.tenant) { $0.starts[key] = now } }
        if isIdle { throw .feed(400, "AF20024", "The subscription is already enabled. No property change.") }
        let delay = record.facts.firstContentDelay ?? knobs.firstContentDelay
        var fresh = TenantRecord.Subscription(
            enabled: true,
            since: now - knobs.startReachesBack,
            showsFrom: now + delay,
            webhook: webhook
        )
        if let old, old.enabled { (fresh.since, fresh.showsFrom) = (old.since, old.showsFrom) }
        let answer = value(fresh, type)
        if old?.enabled == false, knobs.restartAfterStopStaysDisabled { fresh.enabled = false }
        _ = change(call.tenant) { $0.subscriptions[.init(app: app, type: type)] = fresh }
        return .feed(answer)
    }

    /// The webhook in the body of a start; the address is looked at, not called.
    private func webhook(_ call: Call) throws(Refusal) -> TenantRecord.Webhook? {
        guard !call.request.body.isEmpty else { return nil }
        guard let body = try? Value(parsing: call.request.body) else {
            throw .feed(400, "AF20002", "Invalid parameter type: webhook. Expected type: object")
        }
        guard let webhook = body["webhook"], !webhook.isNull else { return nil }
        let address = webhook["address"]?.stringValue ?? ""
        guard address.lowercased().hasPrefix("https://") || address.hasPrefix("http://127.0.0.1") else {
            throw .feed(
                400,
                "AF20021",
                "The webhook endpoint (\(address)) could not be validated. The address must begin with HTTPS."
            )
        }
        let text = webhook["expiration"]?.stringValue ?? ""
        let expiration = Timestamp(iso8601: text)
        if let expiration, expiration <= now {
            throw .feed(400, "AF20003", "Expiration \(text) provided is set to past date and time.")
        }
        return .init(address: address, authID: webhook["authId"]?.stringValue ?? "", expiration: expiration)
    }

    private func stopSubscription(_ call: Call, _ app: String, _ type: ContentType) throws(Refusal)
        -> Response
    {
        guard var old = record(call.tenant)?.subscription(app, type, start: start) else {
            throw .feed(400, "AF20022", "No subscription found for the specified content type.")
        }
        old.enabled = false
        _ = change(call.tenant) { $0.subscriptions[.init(app: app, type: type)] = old }
        return .feed(body: [], type: "")
    }

    // MARK: Content

    private func fetch(
        _ call: Call,
        _ record: TenantRecord,
        _ type: ContentType,
        _ subscription: TenantRecord.Subscription
    ) throws(Refusal) -> Decision.Answer {
        let id = call.rest
        guard let parts = Blob.parts(ofID: id) else {
            throw .feed(400, "AF20052", "Blob key \(id) in the url is invalid")
        }
        guard let blob = series(call.tenant, type)?.blob(parts.index), blob.id(type) == id,
            blob.visible <= now,
            isKept(blob, record, subscription)
        else {
            throw .feed(knobs.missingStatus, "AF20050", "The specified content (\(id)) does not exist.")
        }
        guard blob.created + knobs.retention > now else { throw .feed(400, "AF20051", expiredText(id)) }
        try throttle(call)
        return .blob(body(blob, type, record.facts), type: knobs.blobContentType)
    }

    /// Whether a blob ever came to be: only under a subscription, and only while auditing was on.
    func isKept(_ blob: Blob, _ record: TenantRecord, _ subscription: TenantRecord.Subscription) -> Bool {
        blob.created >= subscription.since && subscription.showsFrom <= now
            && record.auditing(at: blob.created).on
    }

    private func sensitiveTypes(_ call: Call) throws(Refusal) -> Response {
        let language = call.request.header("Accept-Language") ?? "en-US"
        guard !language.contains(",") else {
            throw .feed(400, "AF20053", "Only one language may be present in the Accept-Language header.")
        }
        guard !language.isEmpty,
            language.allSatisfy({ $0.isASCII && ($0.isLetter || $0 == "-" || $0.isNumber) })
        else {
            throw .feed(400, "AF20054", "Invalid syntax in Accept-Language header.")
        }
        return .feed([
            ["id": "50842eb7-edc8-4019-85dd-5a5c1f2bb085", "name": "CreditCardNumber"],
            ["id": "0e9b3178-9678-47dd-a509-37222ca96b42", "name": "EUDebitCardNumber"],
        ])
    }
}
