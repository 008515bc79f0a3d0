// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Crypto
import Foundation
import HTTPClient
import Identity
import JSON
import Probing
import Source
import Status
import Synchronization
import TestSupport

/// Plays one of a definition's own probe tests: canned answers, a fake clock, a made-up token.
enum Stage {
    /// Every probe test of the shipped definition.
    static let names: [String] = {
        let folder = Repository.connectors + "/office365-management/tests"
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return files.filter { $0.hasPrefix("probe-") }.sorted()
    }()

    /// Plays the test in `file`; `change` may alter what is tested.
    static func play(
        _ file: String,
        change: (inout ProbeSubject) -> Void = { _ in }
    ) async throws -> (
        report: ProbeReport, rehearsal: Rehearsal, answers: Answers, sent: [HTTPClient.Request]
    ) {
        let shelf = try Shelf(shipped: Repository.connectors)
        let definition = try shelf.definition("office365-management")
        let path = Repository.connectors + "/office365-management/tests/" + file
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        let (read, findings) = Rehearsal.read(bytes, file: file, of: definition)
        guard let rehearsal = read else { throw Unexpected(url: findings.map(\.description).joined()) }
        let cloud = shelf.clouds[rehearsal.given.cloud]
        let time = ManualTime(rehearsal.given.now, runsAhead: true)
        var entered = rehearsal.given.credentials
        if entered["tenantDomain"] == nil { entered["tenantId"] = entered["tenantId"] ?? tenant }
        entered["clientKey"] = entered["clientKey"] ?? "7c1d2b7e-1111-4a8e-9a53-2f6b1e0c9a11"
        let answers = Answers(
            rehearsal,
            bases: cloud?.bases ?? [:],
            time: time,
            token: { token($0, at: rehearsal.given.now, audience: cloud?.audiences["manage"]?.first ?? "") }
        )
        let transport = ScriptedTransport { try answers.answer($0) }
        let tokens = Tokens(transport: transport, time: time)
        let shared = Session.Shared(transport: transport, time: time)
        // It begins as secrets of rehearsals do, which is what a directory shows of one.
        let credential = Credential.secret(Secret("rehearsal~a-very-secret-value"))
        let open: @Sendable ([String: String]) throws -> Session = { fields in
            let values = fields.sorted { $0.key < $1.key }.map { ($0.key, Value.string($0.value)) }
            let names = Names([
                "credentials": .object(Object(values)),
                "connection": ["path": "contoso/o365", "customer": "contoso", "name": "o365"],
            ])
            let demand = try TokenDemand(
                definition: definition,
                cloud: cloud,
                tenant: fields["tenantId"] ?? "",
                client: fields["clientKey"] ?? "",
                credential: credential,
                credentialVersion: 1,
                names: names,
                secrets: [:]
            )
            return try Session(
                definition: definition,
                cloud: cloud,
                owner: Session.Owner(
                    connection: "contoso/o365",
                    registration: "r",
                    tenant: fields["tenantId"] ?? ""
                ),
                names: names,
                authority: TokenAuthority(tokens, demand),
                shared: shared
            )
        }
        let known = entered
        var subject = ProbeSubject(
            key: ConnectionKey(customer: "contoso", connection: "o365"),
            streams: definition.streams.filter {
                rehearsal.given.streams?.contains($0.id) ?? $0.enabledByDefault
            },
            entered: entered,
            expiry: ProbeSubject.Expiry(kind: "secret"),
            credential: credential,
            session: try open(entered),
            reopen: { try open(known.merging($0) { $1 }) }
        )
        change(&subject)
        let report = try await Prober.run(subject)
        return (report, rehearsal, answers, transport.sent)
    }

    static let tenant = "b86ab9d4-0000-4b11-8a06-7a8f91b47fbd"

    private static func token(_ wish: Rehearsal.Token, at now: Timestamp, audience: String) -> String {
        var claims: Object = [
            "aud": .string(audience), "tid": .string(tenant), "appid": "7c1d2b7e-1111-4a8e-9a53-2f6b1e0c9a11",
            "roles": ["ActivityFeed.Read", "ActivityFeed.ReadDlp"],
            "exp": .int(now.seconds + 3_599),
        ]
        for (name, value) in wish.claims { claims[name] = value == .null ? nil : value }
        let parts = [Value.object(["alg": "none"]), .object(claims)].map { Base64.encodeURL($0.bytes()) }
        return parts.joined(separator: ".") + ".unsigned"
    }
}

/// The answers of a test, each used as often as it says.
final class Answers: Sendable {
    private let rehearsal: Rehearsal
    private let bases: [String: BaseURL]
    private let used: Mutex<[Int]>
    private let time: ManualTime
    private let token: String
    private let made: @Sendable (Rehearsal.Token) -> String

    init(
        _ rehearsal: Rehearsal,
        bases: [String: BaseURL],
        time: ManualTime,
        token made: @escaping @Sendable (Rehearsal.Token) -> String
    ) {
        self.rehearsal = rehearsal
        self.made = made
        self.bases = bases
        self.time = time
        token = made(rehearsal.given.token)
        used = Mutex(Array(repeating: 0, count: rehearsal.exchanges.count))
    }

    /// Exchanges that must be used and were not.
    var unused: [Int] {
        used.withLock { used in
            rehearsal.exchanges.indices.filter { index in
                switch rehearsal.exchanges[index].times {
                case .exactly(let count): used[index] != count
                case .some: used[index] == 0
                case .any: false
                }
            }
        }
    }

    func answer(_ request: HTTPClient.Request) throws -> HTTPClient.Response {
        let date = [Header("Date", time.now.httpDate)]
        for (index, exchange) in rehearsal.exchanges.enumerated() where fits(request, exchange.expect) {
            let isFree = used.withLock { used in
                if case .exactly(let most) = exchange.times, used[index] >= most { return false }
                used[index] += 1
                return true
            }
            guard isFree else { continue }
            if exchange.reply.trouble == .proxy { throw Failure(code: .proxy, detail: "the proxy refused") }
            let headers = exchange.reply.headers.map { Header($0.name, $0.value) }
            if let token = exchange.reply.token { return granted(made(token), date) }
            return Response(status: exchange.reply.status, headers: headers + date, body: exchange.reply.body)
        }
        if request.url.contains("/oauth2/") {
            return granted(token, date)
        }
        if bases.values.contains(where: { $0.text == request.url }) {
            return Response(status: 200, headers: date)
        }
        throw Unexpected(url: request.method + " " + request.url)
    }

    private func granted(_ token: String, _ date: [Header]) -> HTTPClient.Response {
        let body = Value.object(["access_token": .string(token), "expires_in": 3599]).bytes()
        return Response(status: 200, headers: date, body: body)
    }

    private func fits(_ request: HTTPClient.Request, _ expected: Rehearsal.Expected) -> Bool {
        if let method = expected.method, method != request.method { return false }
        let parts = URLParts(request.url)
        if let service = expected.service {
            guard let base = bases[service], Links.isUnder(request.url, base) else { return false }
        }
        let root = expected.service.flatMap { bases[$0] }.flatMap { URLParts($0.text)?.path } ?? "/"
        let path = (parts?.path ?? "").dropFirst(root == "/" ? 0 : root.count)
        if let glob = expected.path, !Text.matches(path, glob: glob) { return false }
        for (name, glob) in expected.query {
            let items = (parts?.query ?? "").split(separator: "&").map {
                $0.split(separator: "=", maxSplits: 1)
            }
            let value = items.first { $0.first.map(String.init)?.lowercased() == name.lowercased() }?.last
            guard let value, Text.matches(value.replacing("%3A", with: ":"), glob: glob) else { return false }
        }
        let form = String(decoding: request.body, as: UTF8.self).split(separator: "&").map(String.init)
        return expected.form.allSatisfy { name, value in
            form.contains { $0 == name + "=" + (PercentEncoding.form(value) ?? "") }
        }
    }
}

struct Unexpected: Error { let url: String }
