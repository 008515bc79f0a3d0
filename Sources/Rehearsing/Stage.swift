// SPDX-License-Identifier: Apache-2.0
import Basics
import Collecting
import Connectors
import Crypto
import HTTPClient
import Identity
import JSON
import Source
import Status
import Store

/// Everything a play needs: a home with its store, a clock, a connection that is set up, and the canned services.
struct Stage: Sendable {
    static let key = ConnectionKey(customer: "rehearsal", connection: "connection")

    let rehearsal: Rehearsal
    let definition: Definition
    let folder: TemporaryHome
    let home: Home
    let ledger: SQLiteLedger
    let committer: Committer
    /// The source's clock.
    let sourceTime: RehearsalTime
    /// This machine's clock, which may be ahead of the source's.
    let time: any TimeSource
    let log: Log
    let transport: CannedTransport
    let session: Session
    let subject: Subject
    private let maker: SessionMaker
    private let lines: Locked<[String]>
    private let mint: TokenMint

    init(_ rehearsal: Rehearsal, _ definition: Definition, _ clouds: Clouds) async throws {
        self.rehearsal = rehearsal
        self.definition = definition
        let given = rehearsal.given
        folder = try TemporaryHome()
        home = try Home.open(folder.path + "/home")
        sourceTime = RehearsalTime(given.now)
        time = given.ahead == .zero ? sourceTime : ShiftedTime(sourceTime, by: given.ahead)
        let lines = Locked([String]())
        self.lines = lines
        log = Log(level: .debug, json: false, time: time) { line in lines.withLock { $0.append(line) } }
        ledger = try SQLiteLedger(home: home, time: time, log: log)
        // A play has its disk to itself and shall not take longer than it must.
        committer = try await Committer(home: home, ledger: ledger, time: time, log: log, pace: .zero)
        if definition.usesCloud, clouds[given.cloud] == nil {
            throw RehearsalFailure.unknownCloud(given.cloud, known: clouds.names)
        }
        let subject = try Subject(given, definition, folder)
        self.subject = subject
        mint = TokenMint(definition: definition, subject)
        transport = CannedTransport(rehearsal, mint, time: sourceTime)
        maker = SessionMaker(
            shared: Session.Shared(transport: transport, time: time),
            tokens: Tokens(transport: transport, time: time),
            clouds: clouds,
            publisherID: nil
        )
        session = try maker.session(definition, for: subject.opening)
        open(session, for: subject)
    }

    /// The session with fields that were found out on the way.
    func reopened(with learnt: [String: String]) throws -> Session {
        let subject = subject.with(learnt)
        let session = try maker.session(definition, for: subject.opening)
        open(session, for: subject)
        return session
    }

    /// Has tokens made that fit, and answered where this session asks for them.
    private func open(_ session: Session, for subject: Subject) {
        mint.settle(subject, session.services)
        transport.expect(tokensAt: definition.auth.token.flatMap { session.path(of: $0) })
    }

    /// The streams that are chosen, in the definition's order.
    var streams: [StreamDefinition] {
        definition.streams.filter { rehearsal.given.streams?.contains($0.id) ?? $0.enabledByDefault }
    }

    static func key(_ stream: String) -> StreamKey {
        StreamKey(customer: key.customer, connection: key.connection, stream: stream)
    }

    /// Makes what is made of the chosen streams' records.
    func derive() async throws {
        let connection = connection(at: time.now)
        let deriver = Deriver(home: home, ledger: ledger, committer: committer, time: time, log: log)
        _ = try await deriver.derive(streams.compactMap { DerivedStream($0, of: connection) })
    }

    private func connection(at now: Timestamp) -> Store.Connection {
        Store.Connection(
            key: Self.key,
            name: rehearsal.name,
            connector: definition.id,
            cloud: subject.cloud,
            tenant: subject.tenant,
            identity: subject.identity,
            registration: subject.registration,
            credentials: .object(subject.credentials),
            streams: streams.map { StreamChoice(stream: $0.id) },
            acceptedAt: now,
            created: now
        )
    }

    /// Writes the connection down as one that was accepted just now.
    func accept() async throws {
        let now = time.now
        var changes: [LedgerChange] = [
            .customer(Customer(id: Self.key.customer, created: now)),
            .registration(
                Registration(
                    id: subject.registration,
                    cloud: subject.cloud ?? definition.id,
                    tenant: subject.tenant,
                    clientKey: subject.client,
                    created: now
                )
            ),
            .connection(connection(at: now)),
        ]
        for stream in streams {
            var facts = StreamFacts()
            facts.acceptedAt = now
            if let start = rehearsal.given.start {
                facts.historyFrom = (now - start).rounded(downTo: .minutes(1))
            }
            changes.append(.stream(Self.key(stream.id), .facts(facts)))
            if let place = rehearsal.given.cursors[stream.id] {
                changes.append(
                    .stream(Self.key(stream.id), .cursor(name: ChainRun.place, value: place.text))
                )
            }
        }
        try await ledger.write(changes)
    }

    /// What the cycles of `stream` work with.
    func context(of stream: StreamDefinition) -> StreamContext {
        StreamContext(
            stream: stream,
            envelope: Envelope(
                stream: Self.key(stream.id),
                connector: definition.id,
                tenant: subject.tenant,
                identity: subject.identity
            ),
            session: session,
            committer: committer,
            ledger: ledger,
            quarantine: Quarantine(home, time: time),
            time: time,
            log: log,
            mayChange: true,
            credential: subject.registration + "#1"
        )
    }

    /// Places where a secret or token can be read although it must not be: the log, addresses, and `words`.
    func shownSecrets(in words: [(place: String, text: String)] = []) -> [Difference] {
        let secrets = [subject.secret.reveal { $0 }] + mint.tokens
        let places =
            words + lines.withLock { $0 }.map { ("the log", $0) }
            + transport.requests.map { ("the address of a request", $0.url) }
        var found: [String] = []
        for (place, text) in places where !found.contains(place) && secrets.contains(where: text.contains) {
            found.append(place)
        }
        return found.map { Difference("then", "a secret can be read in \($0)") }
    }
}
