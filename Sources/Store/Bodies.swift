// SPDX-License-Identifier: Apache-2.0
import Basics
import JSON
import Status

// The ledger's values as JSON columns: they are read and written whole, never searched.

extension Registration {
    var body: Value { ["current": current?.body ?? .null, "next": next?.body ?? .null] }
}

extension Credential {
    var body: Value {
        [
            "kind": .string(kind.rawValue), "version": .int(version),
            "reference": .optional(reference?.description), "slot": .string(slot.rawValue),
            "expiresAt": .time(expiresAt), "expirySource": .string(expirySource.rawValue),
            "thumbprint": .optional(thumbprint), "added": .time(added),
        ]
    }

    /// Reads it; one of before there was a choice rests in the slot of its role.
    init?(body: Value, role: CredentialSlot) {
        guard let kind = body.text("kind").flatMap(Kind.init(rawValue:)), let added = body.instant("added")
        else {
            return nil
        }
        self.init(
            kind: kind,
            version: body["version"]?.int64.map(Int.init) ?? 1,
            reference: body.text("reference").flatMap { SecretReference($0) },
            slot: body.text("slot").flatMap(CredentialSlot.init(rawValue:)) ?? role,
            expiresAt: body.instant("expiresAt"),
            expirySource: body.text("expirySource").flatMap(Expiry.init(rawValue:)) ?? .unknown,
            thumbprint: body.text("thumbprint"),
            added: added
        )
    }
}

extension Connection {
    var body: Value {
        [
            "name": .string(name), "connector": .string(connector), "cloud": .optional(cloud),
            "tenant": .string(tenant), "identity": .string(identity), "registration": .optional(registration),
            "credentials": credentials, "streams": .array(streams.map(\.body)), "start": .string(start),
            "acceptedAt": .time(acceptedAt), "draftCause": draftCause?.json ?? .null,
            "noChanges": .bool(noChanges), "created": .time(created), "version": .optional(version),
            "plans": plans?.body ?? .null,
        ]
    }

    init?(key: ConnectionKey, body: Value) {
        guard let connector = body.text("connector"), let tenant = body.text("tenant"),
            let created = body.instant("created")
        else { return nil }
        self.init(
            key: key,
            name: body.text("name") ?? key.connection,
            connector: connector,
            cloud: body.text("cloud"),
            tenant: tenant,
            identity: body.text("identity") ?? tenant,
            registration: body.text("registration"),
            credentials: body["credentials"] ?? .object(Object()),
            streams: (body["streams"]?.arrayValue ?? []).compactMap(StreamChoice.init(body:)),
            start: body.text("start") ?? "now",
            acceptedAt: body.instant("acceptedAt"),
            draftCause: body["draftCause"].flatMap(Cause.init(json:)),
            noChanges: body["noChanges"]?.boolValue ?? false,
            created: created,
            version: body.text("version"),
            plans: body["plans"].flatMap(HeldPlans.init(body:))
        )
    }
}

extension HeldPlans {
    var body: Value { ["held": .array(plans.sorted().map { .string($0) }), "at": .time(at)] }

    init?(body: Value) {
        guard let at = body.instant("at") else { return nil }
        self.init(plans: Set((body["held"]?.arrayValue ?? []).compactMap(\.stringValue)), at: at)
    }
}

extension StreamChoice {
    var body: Value {
        [
            "stream": .string(stream), "hold": hold?.body ?? .null, "select": select ?? .null,
            "historyFrom": .time(historyFrom),
        ]
    }

    init?(body: Value) {
        guard let stream = body.text("stream") else { return nil }
        self.init(
            stream: stream,
            hold: body["hold"].flatMap(Hold.init(body:)),
            // Spelled out: a bare nil would be a null of JSON here.
            select: body["select"].flatMap { $0.isNull ? Value?.none : $0 },
            historyFrom: body.instant("historyFrom")
        )
    }
}

extension Hold {
    var body: Value {
        [
            "kind": .string(kind.rawValue), "by": .string(by), "reason": .string(reason), "at": .time(at),
            "until": .time(until),
        ]
    }

    init?(body: Value) {
        guard let kind = body.text("kind").flatMap(Kind.init(rawValue:)), let at = body.instant("at") else {
            return nil
        }
        self.init(
            kind: kind,
            by: body.text("by") ?? "",
            reason: body.text("reason") ?? "",
            at: at,
            until: body.instant("until")
        )
    }
}

extension ConnectionFacts {
    var body: Value {
        [
            "skew": skew.map { .int($0.wholeNanoseconds) } ?? .null, "skewSeen": .time(skewSeen),
            "tokenVersion": tokenVersion.map { .int($0) } ?? .null, "tokenConfirmed": .time(tokenConfirmed),
            "notes": .object(notes),
        ]
    }

    init(body: Value) {
        self.init(
            skew: body["skew"]?.int64.map { .nanoseconds($0) },
            skewSeen: body.instant("skewSeen"),
            tokenVersion: body["tokenVersion"]?.int64.map(Int.init),
            tokenConfirmed: body.instant("tokenConfirmed"),
            notes: body["notes"]?.objectValue ?? Object()
        )
    }
}

extension HostFacts {
    var body: Value {
        [
            "version": .string(version), "mode": .string(mode.rawValue), "lastTick": .time(lastTick),
            "startedAt": .time(startedAt), "endedAt": .time(endedAt), "cause": cause?.json ?? .null,
        ]
    }

    init(body: Value) {
        self.init(
            version: body.text("version") ?? "",
            mode: body.text("mode").flatMap(Mode.init(rawValue:)) ?? .none,
            lastTick: body.instant("lastTick"),
            startedAt: body.instant("startedAt"),
            endedAt: body.instant("endedAt"),
            cause: body["cause"].flatMap(Cause.init(json:))
        )
    }
}

extension StateChange {
    var body: Value {
        [
            "from": .optional(from?.rawValue), "to": .string(to.rawValue), "since": .time(since),
            "cause": cause?.json ?? .null,
        ]
    }

    init?(at: Timestamp, body: Value) {
        guard let to = body.text("to").flatMap(StreamState.init(rawValue:)) else { return nil }
        self.init(
            from: body.text("from").flatMap(StreamState.init(rawValue:)),
            to: to,
            at: at,
            since: body.instant("since"),
            cause: body["cause"].flatMap(Cause.init(json:))
        )
    }
}
