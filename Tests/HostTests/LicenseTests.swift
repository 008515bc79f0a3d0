// SPDX-License-Identifier: Apache-2.0
import Basics
import Collecting
import Connectors
import HTTPClient
import Host
import Identity
import JSON
import Probing
import Source
import Status
import Store
import TestSupport
import Testing

/// What a tenant's list of plans decides, at onboarding and from day to day.
@Suite("Licenses", .timeLimit(.minutes(10)))
struct LicenseTests {
    @Test
    func `a stream whose plan the list lacks is left out, and taken in by itself when the plan appears`()
        async throws
    {
        let rig = try await LicenseRig()
        rig.service.withLock {
            $0.plans =
                #"{"value": [{"name": "P1", "state": "Suspended"}, {"name": "F1", "state": "Enabled"}]}"#
        }
        let added = try await rig.add()
        #expect(added.standing == .partly && added.blocked.isEmpty)
        #expect(added.excluded["risks"] == "the tenant holds no plan with Premium: one of P1, P2")
        var connection = try await rig.connection()
        let hold = try #require(connection.streams.last?.hold)
        #expect(hold.kind == .excluded && hold.by == "license list")
        #expect(connection.plans?.plans == [])
        try await rig.pass()
        rig.time.advance(by: .hours(20))
        try await rig.pass()
        #expect(!rig.asked("/risks") && rig.asked("/events"))
        // Not yet a day old: the list is not asked for with every pass.
        #expect(rig.count("/plans") == 1)
        rig.service.withLock { $0.plans = LicenseRig.premium }
        rig.time.advance(by: .hours(5))
        let summary = try await rig.pass()
        #expect(rig.count("/plans") == 2)
        connection = try await rig.connection()
        #expect(connection.streams.allSatisfy { $0.hold == nil } && connection.plans?.plans == ["P1"])
        let risks = try #require(summary.lines.first { $0.stream.stream == "risks" })
        #expect(risks.assessment?.state == .pending || risks.assessment?.state == .active)
        #expect(try await rig.facts("risks").acceptedAt == connection.plans?.at)
        rig.time.advance(by: .minutes(10))
        try await rig.pass()
        #expect(rig.asked("/risks"))
    }

    @Test func `a proven plan lengthens the retention, and only as long as the proof is fresh`() async throws
    {
        let rig = try await LicenseRig()
        _ = try await rig.add()
        let connection = try await rig.connection()
        let risks = try #require(rig.definition.stream("risks"))
        func retention(at now: Timestamp) -> Duration? {
            Thresholds(risks, plans: connection.proven(rig.definition, now: now)).retention
        }
        #expect(retention(at: rig.time.now) == .days(30))
        #expect(retention(at: rig.time.now + .days(8)) == .days(7))
    }

    @Test func `what a person has left out stays out though the plan is there`() async throws {
        let rig = try await LicenseRig()
        _ = try await rig.add()
        let key = rig.key("risks")
        let hold = Hold(kind: .excluded, by: "kim", reason: "agreed", at: rig.time.now)
        try await rig.ledger.write([.hold(key, hold)])
        rig.time.advance(by: .hours(25))
        try await rig.pass()
        #expect(try await rig.connection().streams.last?.hold == hold)
        // Adding again asks nobody to change their mind either.
        _ = try await rig.add()
        #expect(try await rig.connection().streams.last?.hold == hold)
    }

    @Test func `a stream that had records is blocked when its plan is gone, and never left out`() async throws
    {
        let rig = try await LicenseRig()
        _ = try await rig.add()
        rig.time.advance(by: .minutes(10))
        try await rig.pass()
        #expect(try await rig.facts("risks").everHadRecord)
        rig.service.withLock {
            $0.plans = #"{"value": []}"#
            $0.isRefusing = true
        }
        rig.time.advance(by: .hours(25))
        let summary = try await rig.pass()
        let line = try #require(summary.lines.first { $0.stream.stream == "risks" })
        #expect(line.assessment?.state == .blocked && line.assessment?.cause?.faultClass == .license)
        #expect(line.assessment?.cause?.remedy?.id == "buy")
        #expect(try await rig.connection().streams.allSatisfy { $0.hold == nil })
        let again = try await rig.add()
        #expect(again.excluded.isEmpty && again.blocked.keys.sorted() == ["risks"])
        #expect(try await rig.connection().streams.allSatisfy { $0.hold == nil })
    }

    @Test func `one premium error alone proves nothing, a second one five minutes later does`() async throws {
        let rig = try await LicenseRig()
        rig.service.withLock {
            $0.plans = nil
            $0.isRefusing = true
        }
        let added = try await rig.add()
        #expect(added.standing == .partly && added.excluded.isEmpty)
        #expect(try await rig.connection().plans == nil)
        #expect(try await rig.facts("risks").cause?.confirmed == false)
        rig.time.advance(by: .minutes(2))
        let doubted = try await rig.pass()
        let first = doubted.lines.first { $0.stream.stream == "risks" }?.assessment
        #expect(first?.state != .blocked && first?.state != .active && first?.cause?.faultClass == .license)
        rig.time.advance(by: .minutes(6))
        let confirmed = try await rig.pass()
        #expect(confirmed.lines.first { $0.stream.stream == "risks" }?.assessment?.state == .blocked)
    }

    @Test func `while the list shows the plan a premium error is the source's own, however often it comes`()
        async throws
    {
        let rig = try await LicenseRig()
        _ = try await rig.add()
        rig.service.withLock { $0.isRefusing = true }
        for _ in 0..<4 {
            rig.time.advance(by: .minutes(10))
            let summary = try await rig.pass()
            let line = summary.lines.first { $0.stream.stream == "risks" }?.assessment
            #expect(line?.state != .blocked && line?.cause?.confirmed == false, "\(String(describing: line))")
        }
        // In time it fails all the same: no fault is answered by green.
        rig.time.advance(by: .hours(2))
        let late = try await rig.pass()
        #expect(late.lines.first { $0.stream.stream == "risks" }?.assessment?.state == .failing)
    }

    @Test(arguments: [#"{"plans": []}"#, #"{"value": {"name": "P1"}}"#, "[]", "<html>"])
    func `an answer of another shape is no list that lacks anything`(_ body: String) async throws {
        let rig = try await LicenseRig()
        rig.service.withLock { $0.plans = body }
        let added = try await rig.add()
        #expect(added.standing == .collecting && added.excluded.isEmpty)
        #expect(try await rig.connection().plans == nil)
    }
}

/// A home, and a service with a list of plans and a stream that needs one.
private struct LicenseRig {
    /// How the service stands.
    struct Service: Sendable {
        /// Its list of plans; `nil` has it fail.
        var plans: String? = premium
        /// Whether it says that a plan is missing.
        var isRefusing = false
    }

    static let premium =
        #"{"value": [{"name": "P1", "state": "Enabled"}, {"name": "F1", "state": "Enabled"}]}"#
    private static let text = """
        {"headgate": 1, "id": "acme", "version": "1.0.0", "title": "Acme", "publisher": "Acme", "tier": "bronze",
         "summary": "What happened at Acme.", "hosts": ["api.example.com"],
         "credentials": [
           {"name": "organisation", "type": "text", "label": "Organisation", "help": "Its name.", "required": true},
           {"name": "key", "type": "secret", "label": "Key", "help": "A key that may read."}],
         "identity": ["organisation"],
         "services": {"api": {"base": "https://api.example.com", "errorCode": ["/code"]}},
         "auth": {"kind": "header", "credential": ["secret"], "header": {"name": "X-Key", "value": "{{ secrets.key }}"}},
         "licenses": [{"id": "premium", "title": "Premium", "anyPlan": ["P1", "P2"]}],
         "health": {"interval": "PT5M", "lateAfter": "PT30M", "failAfter": "PT1H"},
         "streams": [{"id": "events", "title": "Events", "summary": "All.",
           "list": {"request": {"service": "api", "path": "/{{ stream.id }}",
             "query": {"from": "{{ window.start }}", "to": "{{ window.end }}"}}, "items": "", "expect": "array"},
           "paging": {"kind": "none"},
           "cursor": {"kind": "window", "clock": "event", "bounds": "halfOpen",
             "step": {"max": "PT24H", "min": "PT1M"}, "settle": "PT1M", "initial": "P1D"},
           "key": ["id"], "time": {"event": "time"}, "retention": [{"value": "P7D"}]},
          {"id": "risks", "like": "events", "title": "Risks", "summary": "For holders of a plan.",
           "neededLicenses": ["premium"], "retention": [{"value": "P30D", "plan": "premium"}, {"value": "P7D"}]}],
         "probe": [
           {"id": "form", "kind": "offline", "title": "Form", "stage": "Configuration"},
           {"id": "plans", "kind": "license", "title": "Plans", "stage": "Permissions", "needs": ["form"],
            "request": {"service": "api", "path": "/plans"}, "remedy": "buy",
            "plans": {"each": [{"path": "response.body.value[*]", "where": "state == 'Enabled'"}], "name": "name"}},
           {"id": "read", "kind": "first-page", "title": "Read", "stage": "Fetch logs", "needs": ["plans"]}],
         "errors": [{"id": "premium", "match": {"code": ["NotPremium"]}, "class": "license", "action": "block-stream",
           "remedy": "buy"}],
         "remedies": {"buy": {"title": "A plan is missing", "cause": "None is held.", "steps": ["Buy one."],
           "who": "an administrator", "takes": "a day", "next": "headgate test {{ connection.path }}"}}}
        """

    let folder = TemporaryFolder()
    let time = ManualTime(Timestamp(seconds: 1_795_000_000), runsAhead: true)
    let service = Locked(Service())
    let transport: ScriptedTransport
    let shelf: Shelf
    let definition: Definition
    let ledger: SQLiteLedger
    let vault: Vault
    let maker: SessionMaker
    let station: Station

    init() async throws {
        folder.write(Self.text, to: "connectors/acme/connector.json")
        let clouds = TemporaryFolder.contents(of: Repository.connectors + "/clouds.json") ?? []
        folder.write(clouds, to: "connectors/clouds.json")
        shelf = try Shelf(shipped: folder.file("connectors"))
        definition = try shelf.definition("acme")
        let service = service
        let time = time
        transport = ScriptedTransport { request in
            let state = service.withLock { $0 }
            let date = Header("Date", time.now.httpDate)
            func answer(_ status: Int, _ body: String) -> Response {
                Response(status: status, headers: [date], body: Array(body.utf8))
            }
            switch URLParts(request.url)?.path ?? "" {
            case "/plans": return state.plans.map { answer(200, $0) } ?? answer(404, "{}")
            case "/risks" where state.isRefusing: return answer(403, #"{"code": "NotPremium"}"#)
            default:
                let event = #"[{"id": "\#(time.now.seconds)", "time": "\#(time.now.secondsText)Z"}]"#
                return answer(200, event)
            }
        }
        let home = try Home.open(folder.file("home"))
        ledger = try SQLiteLedger(home: home, time: time)
        vault = Vault(home)
        maker = SessionMaker(
            shared: Session.Shared(transport: transport, time: time),
            tokens: Tokens(transport: transport, time: time),
            clouds: shelf.clouds,
            publisherID: nil
        )
        station = Station(
            home: home,
            ledger: ledger,
            committer: try await Committer(home: home, ledger: ledger, time: time),
            quarantine: Quarantine(home, time: time),
            shelf: shelf,
            sessions: Sessions(maker, Credentials(vault), ledger),
            time: time,
            log: .silent,
            version: "test",
            backUp: { _ in }
        )
    }

    /// Adds the connection, as the command does.
    func add() async throws -> Added {
        let onboarding = Onboarding(
            ledger: ledger,
            vault: vault,
            shelf: shelf,
            maker: maker,
            fallbacks: [:],
            time: time
        )
        let answers =
            #"{"customer": "contoso", "connector": "acme", "name": "acme", "credentials": {"organisation": "eu"}}"#
        let file = try AnswersFile(parsing: Array(answers.utf8))
        let prepared = try await onboarding.prepare(file, OfferedCredential(secret: Secret("acme-key-1234")))
        let report = try await Prober.run(ProbeSubject(prepared))
        return try await onboarding.settle(prepared, Trial(report), noChanges: false)
    }

    @discardableResult
    func pass() async throws -> OncePass.Summary {
        try await OncePass(station, archive: nil, wait: .seconds(60)).run()
    }

    func connection() async throws -> Store.Connection {
        let key = ConnectionKey(customer: "contoso", connection: "acme")
        return try #require(try await ledger.connection(key))
    }

    func key(_ stream: String) -> StreamKey {
        StreamKey(customer: "contoso", connection: "acme", stream: stream)
    }

    func facts(_ stream: String) async throws -> StreamFacts { try await ledger.facts(of: key(stream)) }

    func count(_ path: String) -> Int { transport.sent.count { URLParts($0.url)?.path == path } }

    func asked(_ path: String) -> Bool { count(path) > 0 }
}
