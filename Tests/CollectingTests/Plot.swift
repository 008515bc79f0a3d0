// SPDX-License-Identifier: Apache-2.0
import Basics
import Collecting
import Connectors
import HTTPClient
import JSON
import Source
import Status
import Store
import Synchronization
import TestSupport

/// One stream of a made-up definition over a scripted source, with a home and a clock that both go by.
final class Plot: Sendable {
    static let start = at("2026-10-10T12:00:00Z")
    static let key = StreamKey(customer: "acme", connection: "feed", stream: "events")

    /// Answers one request; the clock is the source's.
    typealias Answer = @Sendable (Asked) throws -> Response

    let folder: TemporaryFolder?
    let home: Home
    let time: ManualTime
    let ledger: SQLiteLedger
    let committer: Committer
    let transport: ScriptedTransport
    let context: StreamContext

    /// A stream made of `stream`'s members, its definition having `errors`, in the home of an earlier plot if `path` says so.
    init(
        _ stream: String,
        errors: String = "",
        start: Timestamp = Plot.start,
        home path: String? = nil,
        history: Duration? = nil,
        answer: @escaping Answer
    ) async throws {
        folder = path == nil ? TemporaryFolder() : nil
        home = try Home.open(path ?? folder?.file("home") ?? "")
        let time = ManualTime(start, runsAhead: true)
        self.time = time
        ledger = try SQLiteLedger(home: home, time: time)
        committer = try await Committer(home: home, ledger: ledger, time: time)
        transport = ScriptedTransport { request in
            var response = try answer(Asked(request))
            if response.header("Date") == nil { response.headers.append(Header("Date", time.now.httpDate)) }
            return response
        }
        let definition = try Self.definition(stream, errors)
        let session = try Session(
            definition: definition,
            cloud: nil,
            owner: Session.Owner(connection: "acme/feed", registration: "r-1", tenant: "t-1"),
            names: Names(["credentials": ["domain": "acme.example.net"]]),
            authority: NoKeys(),
            shared: Session.Shared(transport: transport, time: time)
        )
        guard let stream = definition.stream("events") else { throw Unfit(words: "no stream") }
        context = StreamContext(
            stream: stream,
            envelope: Envelope(stream: Self.key, connector: "example", tenant: "t-1", identity: "t-1"),
            session: session,
            committer: committer,
            ledger: ledger,
            quarantine: Quarantine(home, time: time),
            time: time,
            log: .silent,
            mayChange: true,
            credential: "r-1#1"
        )
        if try await ledger.facts(of: Self.key).acceptedAt == nil {
            var facts = StreamFacts()
            facts.acceptedAt = start
            facts.historyFrom = history.map { start - $0 }
            try await ledger.write([.stream(Self.key, .facts(facts))])
        }
    }

    /// What a definition that does not read says.
    struct Unfit: Error { let words: String }

    static func definition(_ stream: String, _ errors: String = "") throws -> Definition {
        let text = """
            {"headgate": 1, "id": "example", "version": "1.0.0", "title": "Example", "publisher": "Headgate",
             "summary": "Stands in for a service.", "tier": "bronze", "docs": {"home": "https://docs.example.com"},
             "hosts": ["api.example.com"],
             "credentials": [{"name": "domain", "type": "domain", "label": "Domain", "help": "The domain.",
               "where": "There.", "example": "acme.example.net"},
               {"name": "key", "type": "secret", "label": "Key", "help": "The key.", "where": "There."}],
             "identity": ["domain"],
             "services": {"api": {"base": "https://api.example.com", "errorCode": ["/code"],
               "errorMessage": ["/message"]}},
             "auth": {"kind": "header", "credential": ["secret"],
               "header": {"name": "Authorization", "scheme": "Key ", "value": "{{ secrets.key }}"}},
             "health": {"interval": "PT5M", "latency": {"typical": "PT10M", "max": "PT1H"}, "firstDataBy": "PT1H",
               "lateAfter": "PT20M", "failAfter": "PT1H"},
             "streams": [{"id": "events", "title": "Events", "summary": "All of them.", \(stream)}],
             "probe": [{"id": "form", "kind": "offline", "title": "Form", "stage": "Configuration"},
               {"id": "read", "kind": "first-page", "title": "Read", "stage": "Fetch logs", "needs": ["form"]}],
             "errors": [\(errors)], "remedies": {}}
            """
        let (definition, findings) = Definition.read(Array(text.utf8))
        guard let definition else { throw Unfit(words: findings.map(\.description).joined(separator: "\n")) }
        return definition
    }

    /// The list request of a stream whose windows go into its query.
    static func list(_ query: String = "", items: String = "", request: String = "") -> String {
        #""list": {"request": {\#(request)"service": "api", "path": "/events", "authorised": false, "#
            + #""query": {\#(query)}}, "#
            + #""items": "\#(items)", "expect": "array"}, "key": ["id"], "time": {"event": "at"}"#
    }

    static let windowQuery = #""from": "{{ window.start }}", "to": "{{ window.end }}""#

    /// One cycle, after the clock moved on by `later`.
    @discardableResult
    func cycle(after later: Duration = .zero, windows: Int = 1_000) async throws -> CycleEnd {
        time.advance(by: later)
        var cycle = StreamCycle(context, bounds: StreamCycle.Bounds(windows: windows, random: Seeded(7)))
        return try await cycle.run()
    }

    func facts() async throws -> StreamFacts { try await ledger.facts(of: Self.key) }

    func counts() async throws -> Counts {
        try await ledger.coverage(of: Self.key, since: nil).reduce(Counts()) { $0 + $1.counts }
    }

    func gaps() async throws -> [Gap] { try await ledger.gaps(.all, openOnly: false) }

    /// The journal's lines, as trees.
    func lines() async throws -> [Value] {
        let end = try await ledger.committedEnd()
        var lines: [Value] = []
        for segment in 1...end.segment {
            let digits = String(segment)
            let name = String(repeating: "0", count: 10 - digits.count) + digits + ".ndjson"
            let text = String(
                decoding: TemporaryFolder.contents(of: home.journal + "/" + name) ?? [],
                as: UTF8.self
            )
            lines += try text.split(separator: "\n").map { try Value(parsing: Array($0.utf8)) }
        }
        return lines
    }

    /// The ids of the events in the journal, in order.
    func ids() async throws -> [String] {
        try await lines().map { $0["event"]?["id"]?.plainText ?? $0["event"]?.text() ?? "" }
    }

    /// The requests made so far.
    var asked: [Asked] { transport.sent.map(Asked.init) }
}

/// A request as a script reads it.
struct Asked: Sendable {
    let path: String
    let query: [String: String]
    let headers: [Header]
    let body: [UInt8]

    init(_ request: Request) {
        headers = request.headers
        body = request.body
        let parts = request.url.split(separator: "?", maxSplits: 1)
        path = parts[0].split(separator: "/").dropFirst(2).map { "/" + $0 }.joined()
        let items = (parts.count > 1 ? parts[1] : "").split(separator: "&").map { item in
            let pair = item.split(separator: "=", maxSplits: 1)
            return (Self.decoded(pair[0]), pair.count > 1 ? Self.decoded(pair[1]) : "")
        }
        query = Dictionary(items) { first, _ in first }
    }

    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            if byte == UInt8(ascii: "%"), let value = UInt8(digits, radix: 16) {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    func instant(_ name: String) -> Timestamp? { query[name].flatMap { Timestamp(iso8601: $0) } }
    func number(_ name: String) -> Int? { query[name].flatMap { Int($0) } }
}

/// A source that asks for no proof.
struct NoKeys: Authority {
    func proof(for audiences: [String], refused: Proof?) async throws -> Proof {
        Proof(headers: [], id: "none")
    }
}

/// One event of a made-up source.
struct Event: Sendable {
    let id: String
    let at: Timestamp
    /// When the source shows it first.
    var shown: Timestamp?

    var json: String { #"{"id":"\#(id)","at":"\#(at)"}"# }
}

/// What a made-up source says.
enum Reply {
    static func page(_ elements: [String], next: String? = nil, status: Int = 200) -> Response {
        let headers = next.map { [Header("Link", "<https://api.example.com\($0)>; rel=\"next\"")] } ?? []
        let body = "[" + elements.joined(separator: ",") + "]"
        return Response(status: status, headers: headers, body: Array(body.utf8))
    }

    static func object(_ text: String, status: Int = 200) -> Response {
        Response(status: status, headers: [], body: Array(text.utf8))
    }

    static func trouble(_ status: Int, _ code: String = "") -> Response {
        object(#"{"code": "\#(code)", "message": "no"}"#, status: status)
    }
}
