// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import HTTPClient
import JSON
import Source
import Synchronization
import TestSupport
import Testing

/// A small definition, its clouds and sessions over scripted transports.
enum Fixture {
    static let start = Timestamp(seconds: 1_795_000_000)

    static let text = """
        {
          "headgate": 1,
          "id": "example-feed",
          "version": "1.0.0",
          "title": "Example feed",
          "publisher": "Headgate",
          "summary": "Stands in for a service in tests.",
          "tier": "bronze",
          "docs": {"home": "https://docs.example.com"},
          "hosts": ["declared.example.com", {"credential": "domain", "mustEndWith": ".example.net"}],
          "credentials": [
            {"name": "tenantId", "type": "guid", "label": "Tenant Id", "help": "The tenant.", "where": "There.",
             "example": "b86ab9d4-0000-4b11-8a06-7a8f91b47fbd", "required": true},
            {"name": "domain", "type": "domain", "label": "Domain", "help": "The domain.", "where": "There.",
             "example": "acme.example.net"},
            {"name": "key", "type": "secret", "label": "Key", "help": "The key.", "where": "There."}
          ],
          "identity": ["tenantId"],
          "services": {
            "manage": {"cloud": "manage", "errorCode": ["/error/code"], "errorMessage": ["/error/message"],
                       "requestId": "x-request"},
            "fixed": {"base": "https://declared.example.com/api", "errorCode": ["/code"], "errorMessage": ["/message"]},
            "entered": {"base": "https://{{ credentials.domain }}/v1", "errorCode": ["/code"],
                        "errorMessage": ["/message"]}
          },
          "auth": {"kind": "header", "credential": ["secret"],
                   "header": {"name": "Authorization", "scheme": "Key ", "value": "{{ secrets.key }}"}},
          "quotas": [{"id": "feed", "requests": 2, "per": "PT10S", "scope": ["tenant"]}],
          "limits": {"timeout": "PT30S", "concurrency": 4, "maxBody": 16777216},
          "health": {"interval": "PT5M", "latency": {"typical": "PT10M", "max": "PT1H"}, "firstDataBy": "PT1H",
                     "lateAfter": "PT20M", "failAfter": "PT1H"},
          "streams": [
            {"id": "events", "title": "Events", "summary": "All of them.",
             "list": {"request": {"service": "manage", "path": "/{{ credentials.tenantId }}/list",
                                  "query": {"from": "{{ window.start }}"}, "quota": ["feed"]},
                      "items": "", "expect": "array"},
             "paging": {"kind": "none"},
             "cursor": {"kind": "window", "clock": "event", "bounds": "halfOpen",
                        "step": {"max": "PT24H", "min": "PT1M"}, "settle": "PT2M", "overlap": "PT0S", "initial": "P1D"},
             "retention": [{"value": "P7D"}], "key": ["id"], "time": {"event": "time", "format": "iso"}}
          ],
          "probe": [
            {"id": "form", "kind": "offline", "title": "Form", "stage": "Configuration"},
            {"id": "read", "kind": "first-page", "title": "Read", "stage": "Fetch logs", "needs": ["form"]}
          ],
          "errors": [
            {"id": "told-ok", "match": {"service": ["manage"], "code": ["ALREADY"]}, "class": "ok", "action": "succeed"},
            {"id": "in-disguise", "match": {"service": ["fixed"], "status": [200], "code": ["DOWN"]},
             "class": "transient", "action": "retry"},
            {"id": "refused", "match": {"status": [401]}, "class": "auth", "action": "refresh-token", "maxRefresh": 1,
             "remedy": "new-key"}
          ],
          "remedies": {
            "new-key": {"title": "The key is refused", "cause": "It was replaced.",
                        "steps": ["Make a new key for {{ credentials.tenantId }}."], "who": "an administrator",
                        "takes": "a minute", "next": "headgate rotate"}
          }
        }
        """

    static let definition: Definition = {
        let (definition, findings) = Definition.read(Array(text.utf8))
        guard let definition else {
            fatalError(findings.map { "\($0.pointer) \($0.message)" }.joined(separator: "\n"))
        }
        return definition
    }()

    static func cloud(_ base: String = "https://manage.example.com") -> Cloud {
        guard let base = BaseURL(base) else { fatalError("not a base") }
        return Cloud(
            name: "lab",
            bases: ["manage": base],
            audiences: ["manage": ["https://audience.example.com"]]
        )
    }

    static let names = Names([
        "credentials": ["tenantId": "t-1", "domain": "acme.example.net"],
        "connection": ["customer": "acme", "id": "feed", "path": "acme/feed", "name": "Feed"],
    ])

    static func session(
        _ transport: ScriptedTransport,
        authority: any Authority = Keys(),
        time: any TimeSource = ManualTime(start, runsAhead: true),
        cloud: Cloud = cloud(),
        names: Names = names,
        budget: Budget = Budget()
    ) throws -> Session {
        try Session(
            definition: definition,
            cloud: cloud,
            owner: Session.Owner(connection: "acme/feed", registration: "r-1", tenant: "t-1"),
            names: names,
            authority: authority,
            shared: Session.Shared(transport: transport, time: time, budget: budget)
        )
    }

    static func request(
        _ path: String,
        service: String = "manage",
        method: RequestTemplate.Method = .get,
        query: [(String, String)] = [],
        headers: [(String, String)] = [],
        body: RequestTemplate.Body = .none,
        quotas: [String] = [],
        isAuthorised: Bool = true
    ) throws -> RequestTemplate {
        RequestTemplate(
            service: service,
            method: method,
            path: try Template(path),
            query: try query.map { RequestTemplate.Item(name: $0.0, value: try Template($0.1)) },
            headers: try headers.map { RequestTemplate.Item(name: $0.0, value: try Template($0.1)) },
            body: body,
            quotas: quotas,
            isAuthorised: isAuthorised
        )
    }

    static func json(_ status: Int, _ body: String, headers: [Header] = []) -> Response {
        Response(status: status, headers: headers, body: Array(body.utf8))
    }
}

/// Hands out numbered keys, a new one for each that was refused.
final class Keys: Authority {
    private let state = Mutex((current: 1, asked: 0))
    private let failure: NoProof?

    init(failure: NoProof? = nil) { self.failure = failure }

    var asked: Int { state.withLock { $0.asked } }

    func proof(for audiences: [String], refused: Proof?) async throws -> Proof {
        if let failure { throw failure }
        let number = state.withLock { state in
            state.asked += 1
            if refused?.id == "\(state.current)" { state.current += 1 }
            return state.current
        }
        return Proof(headers: [Header("Authorization", "Key \(number)")], id: "\(number)")
    }
}
