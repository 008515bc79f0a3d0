// SPDX-License-Identifier: Apache-2.0
import Basics
import JSON

extension Scenario {
    /// What each kind of object may hold, as in `docs/schemas/scenario.json`.
    package static let members: [String: [String]] = [
        "scenario": [
            "$schema", "scenario", "seed", "publicBase", "clock", "profile", "audiences", "knobs", "apps",
            "tenants",
            "fleet", "faults", "customers", "signIn", "publicClients",
        ],
        "clock": ["offset", "frozen"],
        "knobs": [
            "pageSize", "startCoolDown", "coolDownPerTenant", "idleStartCounts", "requestsPerMinute",
            "throttleStatus",
            "retryAfter", "tokenLifetime", "restartAfterStopStaysDisabled", "firstContentDelay",
            "startReachesBack",
            "auditingDelay", "retention", "windowTolerance", "gzip", "blobContentType", "missingStatus",
            "latency",
            "blobLatency", "pageLifetime", "oldTrailer", "logLimit", "itemsPerPage", "reportRequests",
            "riskRequests",
            "securityRequests", "announcementRequests", "oktaRequests", "githubRequests", "capitals",
            "expandFails", "exchangeErrorsInside", "lags", "deviceCodeLifetime", "deviceInterval",
            "deviceSlowsDown",
        ],
        "app": [
            "id", "secrets", "certificates", "federated", "roles", "directoryRoles", "multiTenant",
            "disabled", "home", "name", "tags", "redirectUris", "requires", "publicClient",
        ],
        "lags": ["application", "principal", "secret", "certificate", "federation", "grant", "consent"],
        "lag": ["wait", "asks", "rhythm"],
        "signIn": Scenario.SignIn.members,
        "publicClient": ["id", "name", "scopes", "asksForMore"],
        "secret": ["value", "expires", "usableFrom"],
        "certificate": ["pem", "file", "thumbprint"],
        "federation": ["issuer", "subject", "audience"],
        "tenant": [
            "id", "domain", "domains", "auditing", "licensed", "hasService", "subscriptions", "content",
            "volume",
            "firstContentDelay", "latency", "requestsPerMinute", "plans", "feeds", "okta", "github",
            "signIn",
        ],
        "feed": ["items", "spread", "newest", "seed", "live", "late", "changes", "changing", "placed"],
        "late": ["every", "by"],
        "placedItem": ["created", "visible", "removed", "body", "changes"],
        "itemChange": ["at", "body"],
        "organization": ["name", "tokens", "enterprise"],
        "apiToken": ["value", "expires", "reads"],
        "auditing": ["at", "on", "answers", "onAfterPolls"],
        "subscription": ["type", "enabled", "since", "app"],
        "content": [
            "blobs", "eventsPerBlob", "eventsPerDay", "spread", "newest", "repeatEvery", "live", "placed",
        ],
        "volume": ["events", "eventsPerBlob", "spread", "newest", "live"],
        "live": ["every", "events", "perMinute"],
        "placed": ["created", "visible", "events", "lines", "body", "file", "perBlob", "every"],
        "fleet": ["count", "prefix", "app", "roles", "subscriptions", "content"],
        "fault": ["id", "match", "times", "skip", "from", "until", "rhythm", "do"],
        "match": [
            "operation", "method", "path", "tenant", "app", "type", "page", "blob", "createdFrom",
            "createdTo",
        ],
        "do": [
            "kind", "status", "body", "headers", "wait", "after", "retryAfter", "seconds", "answers", "span",
        ],
        "customer": ["id", "name", "tenant", "app", "secret", "note"],
        "controlClock": ["offset", "now", "advance", "frozen"],
        "controlAuditing": ["tenant", "on", "at", "answers", "delay", "onAfterPolls"],
        "controlSignIn": ["tenant"] + Scenario.SignIn.members,
        "controlDevice": ["userCode", "does"],
        "controlSubscription": ["tenant", "type", "app", "state", "since"],
        "controlItem": ["tenant", "feed", "created", "visible", "removed", "body", "changes"],
        "controlChange": ["tenant", "feed", "index", "at"],
        "controlPlans": ["tenant", "plans"],
        "controlBlob": [
            "tenant", "type", "created", "visible", "events", "lines", "body", "file", "perBlob", "every",
        ],
    ]

    /// Reads a scenario; the first thing that is wrong is named with its place.
    package init(json bytes: [UInt8]) throws(SimulatorFailure) {
        self.init()
        let top = try Reading(bytes)
        try top.check("scenario")
        guard try top.whole("scenario", 1...1) != nil else { throw top.failure("needs \"scenario\": 1") }
        seed = UInt64(try top.whole("seed", 0...Int.max) ?? 1)
        publicBase = try top.text("publicBase")
        profilePath = try top.text("profile")
        if let clock = top.member("clock") {
            try clock.check("clock")
            clockOffset = try clock.duration("offset", signed: true) ?? .zero
            if let moment = try clock.moment("frozen") {
                guard case .at(let instant) = moment else {
                    throw clock.failure("expected an instant", at: "frozen")
                }
                frozenAt = instant
            }
        }
        for (service, names) in try top.entries("audiences") {
            guard audiences[service] != nil else { throw names.failure("expected manage, graph or exchange") }
            guard let list = names.value.arrayValue?.compactMap(\.stringValue), !list.isEmpty else {
                throw names.failure("expected an array of texts")
            }
            audiences[service] = list
        }
        if let found = top.member("knobs") { knobs = try Knobs(found) }
        for entry in try top.list("apps") { apps.append(try App(entry)) }
        for entry in try top.list("tenants") { tenants.append(try Tenant(entry)) }
        if let found = top.member("fleet") { fleet = try Fleet(found) }
        for entry in try top.list("faults") { faults.append(try Fault(entry)) }
        for entry in try top.list("customers") { customers.append(try Customer(entry)) }
        signIn = try top.member("signIn").map { reading throws(SimulatorFailure) in try SignIn(reading) }
        if top.member("publicClients") != nil {
            publicClients = []
            for entry in try top.list("publicClients") { publicClients.append(try PublicClient(entry)) }
        }
        try checkReferences(top)
    }

    /// Reads a scenario from a file.
    package init(file path: String) throws(SimulatorFailure) {
        try self.init(json: try LineFile.bytes(path))
    }

    private func checkReferences(_ top: Reading) throws(SimulatorFailure) {
        let ids = tenants.map(\.id)
        guard Set(ids).count == ids.count else {
            throw top.failure("two tenants have the same id", at: "tenants")
        }
        guard Set(apps.map(\.id)).count == apps.count else {
            throw top.failure("two apps have the same id", at: "apps")
        }
        for app in apps {
            if let home = app.home, !ids.contains(home), fleet?.tenant(home) == nil {
                throw top.failure("the app \(app.id) is registered in an unknown tenant \(home)", at: "apps")
            }
            for tenant in app.roles.keys
            where tenant != "*" && !ids.contains(tenant) && fleet?.tenant(tenant) == nil {
                throw top.failure("the app \(app.id) has roles in an unknown tenant \(tenant)", at: "apps")
            }
        }
        for home in ([signIn] + tenants.map(\.signIn)).compactMap({ $0?.home })
        where !ids.contains(home) && fleet?.tenant(home) == nil {
            throw top.failure("a person who signs in belongs to an unknown tenant \(home)", at: "tenants")
        }
        for customer in customers
        where !ids.contains(customer.tenant) && fleet?.tenant(customer.tenant) == nil {
            throw top.failure("the customer \(customer.id) has an unknown tenant", at: "customers")
        }
    }
}

extension Scenario.Knobs {
    init(_ from: Reading) throws(SimulatorFailure) {
        self.init()
        try from.check("knobs")
        pageSize = try from.whole("pageSize", 1...100_000) ?? pageSize
        startCoolDown = try from.duration("startCoolDown") ?? startCoolDown
        coolDownPerTenant = try from.truth("coolDownPerTenant") ?? coolDownPerTenant
        idleStartCounts = try from.truth("idleStartCounts") ?? idleStartCounts
        requestsPerMinute = try from.whole("requestsPerMinute", 0...1_000_000_000) ?? requestsPerMinute
        throttleStatus = try from.whole("throttleStatus", 400...599) ?? throttleStatus
        retryAfter = try from.whole("retryAfter", 0...86_400)
        tokenLifetime = try from.duration("tokenLifetime") ?? tokenLifetime
        restartAfterStopStaysDisabled =
            try from.truth("restartAfterStopStaysDisabled") ?? restartAfterStopStaysDisabled
        firstContentDelay = try from.duration("firstContentDelay") ?? firstContentDelay
        startReachesBack = try from.duration("startReachesBack") ?? startReachesBack
        auditingDelay = try from.duration("auditingDelay") ?? auditingDelay
        retention = try from.duration("retention") ?? retention
        windowTolerance = try from.duration("windowTolerance") ?? windowTolerance
        gzip = try from.truth("gzip") ?? gzip
        blobContentType = try from.text("blobContentType") ?? blobContentType
        missingStatus = try from.whole("missingStatus", 400...599) ?? missingStatus
        latency = try from.duration("latency") ?? latency
        blobLatency = try from.duration("blobLatency") ?? blobLatency
        pageLifetime = try from.duration("pageLifetime") ?? pageLifetime
        oldTrailer = try from.truth("oldTrailer") ?? oldTrailer
        itemsPerPage = try from.whole("itemsPerPage", 1...1_000) ?? itemsPerPage
        let many = 0...1_000_000_000
        reportRequests = try from.whole("reportRequests", many) ?? reportRequests
        riskRequests = try from.whole("riskRequests", many) ?? riskRequests
        securityRequests = try from.whole("securityRequests", many) ?? securityRequests
        announcementRequests = try from.whole("announcementRequests", many) ?? announcementRequests
        oktaRequests = try from.whole("oktaRequests", many) ?? oktaRequests
        githubRequests = try from.whole("githubRequests", many) ?? githubRequests
        capitals = try from.truth("capitals") ?? capitals
        expandFails = try from.truth("expandFails") ?? expandFails
        exchangeErrorsInside = try from.truth("exchangeErrorsInside") ?? exchangeErrorsInside
        lags = try from.member("lags").map(Scenario.Lags.init) ?? lags
        deviceCodeLifetime = try from.duration("deviceCodeLifetime") ?? deviceCodeLifetime
        deviceInterval = try from.duration("deviceInterval") ?? deviceInterval
        deviceSlowsDown = try from.truth("deviceSlowsDown") ?? deviceSlowsDown
        logLimit = try from.whole("logLimit", 1...100_000_000) ?? logLimit
    }
}

extension Scenario.App {
    init(_ from: Reading) throws(SimulatorFailure) {
        try from.check("app")
        self.init(id: try from.guid("id"))
        for entry in try from.list("secrets") { secrets.append(try Scenario.ClientSecret(entry)) }
        for entry in try from.list("certificates") {
            certificates.append(try Scenario.ClientCertificate(entry))
        }
        for entry in try from.list("federated") {
            try entry.check("federation")
            var found = Scenario.Federation(
                issuer: try entry.needed("issuer"),
                subject: try entry.needed("subject")
            )
            found.audience = try entry.text("audience") ?? found.audience
            federated.append(found)
        }
        for (tenant, names) in try from.entries("roles") { roles[tenant.lowercased()] = try names.texts() }
        for (tenant, names) in try from.entries("directoryRoles") {
            directoryRoles[tenant.lowercased()] = try names.texts()
        }
        multiTenant = try from.truth("multiTenant") ?? multiTenant
        disabled = try from.truth("disabled") ?? disabled
        if from.member("home") != nil { home = try from.guid("home") }
        name = try from.text("name")
        tags = try from.member("tags")?.texts() ?? tags
        redirectURIs = try from.member("redirectUris")?.texts() ?? redirectURIs
        requires = try from.member("requires")?.texts() ?? requires
        publicClient = try from.truth("publicClient") ?? publicClient
    }
}

extension Scenario.ClientSecret {
    init(_ from: Reading) throws(SimulatorFailure) {
        try from.check("secret")
        self.init(
            value: try from.needed("value"),
            expires: try from.moment("expires"),
            usableFrom: try from.moment("usableFrom")
        )
    }
}

extension Scenario.ClientCertificate {
    init(_ from: Reading) throws(SimulatorFailure) {
        try from.check("certificate")
        if let hex = try from.text("thumbprint") {
            self = .thumbprint(hex)
            return
        }
        if let path = try from.text("file") {
            self = .pem(String(decoding: try LineFile.bytes(path), as: UTF8.self))
        } else {
            self = .pem(try from.needed("pem"))
        }
        guard certificate != nil else { throw from.failure("holds no certificate in PEM form") }
    }
}

extension Scenario.Customer {
    init(_ from: Reading) throws(SimulatorFailure) {
        try from.check("customer")
        let id = try from.needed("id")
        self.init(
            id: id,
            name: try from.text("name") ?? id,
            tenant: try from.guid("tenant"),
            app: try from.guid("app"),
            secret: try from.text("secret") ?? "",
            note: try from.text("note") ?? ""
        )
    }
}
