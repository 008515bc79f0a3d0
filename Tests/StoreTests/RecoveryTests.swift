// SPDX-License-Identifier: Apache-2.0
import Basics
import CSQLite
import Glibc
import Status
import Store
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct RecoveryTests {
    private let shop: Workshop
    init() throws { shop = try Workshop() }

    private func append(_ text: String, to segment: String = "0000000001") {
        let path = shop.home.journal + "/\(segment).ndjson"
        let file = open(path, O_WRONLY | O_APPEND | O_CREAT, 0o600)
        _ = Array(text.utf8).withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
        close(file)
    }

    @Test(arguments: ["{\"customer\":\"ac", "{}\n", String(repeating: "x", count: 100_000)])
    func `what lies beyond the committed end is cut off at the start`(torn: String) async throws {
        _ = try await shop.committer().commit(.of("a"))
        let good = shop.bytesOnDisk
        append(torn)
        append("{}\n", to: "0000000002")
        let ledger = try shop.ledger()
        let committer = try await shop.committer(ledger)
        #expect(shop.bytesOnDisk == good)
        #expect(try await committer.commit(.of("a", "b")) == Committed(stored: 1, duplicate: 1))
        #expect(try await shop.lines(ledger).count == 2)
    }

    @Test func `a journal shorter than the ledger counts on is refused in one sentence`() async throws {
        _ = try await shop.committer().commit(.of("a", "b"))
        truncate(shop.home.journal + "/0000000001.ndjson", 10)
        await #expect {
            _ = try await shop.committer()
        } throws: { error in
            guard case StoreFailure.journalShort(_, _, 10) = error else { return false }
            return "\(error)".contains("missing") && (error as? StoreFailure)?.isRefusal == true
        }
    }

    @Test func `a closed segment that is gone is refused too`() async throws {
        let committer = try await shop.committer(segmentSize: 500)
        for key in ["a", "b", "c", "d"] { _ = try await committer.commit(.of(key)) }
        unlink(shop.home.journal + "/0000000001.ndjson")
        await #expect(throws: StoreFailure.self) { _ = try await shop.committer() }
    }

    @Test(arguments: [0, 40, 4_096])
    func `a damaged ledger is told and left alone`(place: Int) async throws {
        do {
            let ledger = try shop.ledger()
            try await ledger.write([.customer(Customer(id: "acme", created: shop.time.now))])
            _ = try await shop.committer(ledger).commit(.of("a"))
        }
        for name in ["ledger.sqlite-wal", "ledger.sqlite-shm"] { unlink(shop.folder.file("home/" + name)) }
        let file = open(shop.home.ledger, O_WRONLY)
        _ = [UInt8](repeating: 0xA5, count: 3_000).withUnsafeBytes {
            pwrite(file, $0.baseAddress, $0.count, place)
        }
        close(file)
        let before = shop.folder.read("home/ledger.sqlite")
        #expect {
            _ = try shop.ledger()
        } throws: { error in
            guard case StoreFailure.corrupt = error else { return false }
            return "\(error)".contains("backup")
        }
        #expect(shop.folder.read("home/ledger.sqlite") == before)
    }

    @Test func `a ledger of a newer Headgate is refused`() async throws {
        do { _ = try shop.ledger() }
        let file = open(shop.home.ledger, O_RDWR)
        // The user version stands big-endian at byte 60 of the header.
        _ = [UInt8]([0, 0, 0, 99]).withUnsafeBytes { pwrite(file, $0.baseAddress, 4, 60) }
        close(file)
        #expect {
            _ = try shop.ledger()
        } throws: { error in
            // How many steps this Headgate knows grows with its schema.
            guard case StoreFailure.tooNew(shop.home.ledger, 99, let known) = error else { return false }
            return (1..<99).contains(known)
        }
    }

    @Test func `a ledger from before flows were agreed to keeps what people agreed to of connectors`()
        async throws
    {
        do { _ = try shop.ledger() }
        try run(
            """
            DROP TABLE trusts;
            CREATE TABLE trusts(
                connector TEXT PRIMARY KEY, digest TEXT NOT NULL, by TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
            INSERT INTO trusts VALUES ('okta', 'abc', 'ana', 5000000000);
            PRAGMA user_version = 7;
            """
        )
        let trusts = try await shop.ledger().trusts()
        #expect(
            trusts == [
                Trust(
                    kind: .connector,
                    id: "okta",
                    digest: "abc",
                    by: "ana",
                    at: Timestamp(nanoseconds: 5_000_000_000)
                )
            ]
        )
    }

    /// Changes the ledger's file from outside, as an older Headgate would have written it.
    private func run(_ sql: String) throws {
        var database: OpaquePointer?
        defer { sqlite3_close(database) }
        #expect(sqlite3_open(shop.home.ledger, &database) == SQLITE_OK)
        #expect(sqlite3_exec(database, sql, nil, nil, nil) == SQLITE_OK)
    }

    @Test func `the daily copy is a whole ledger, and two are kept`() async throws {
        let ledger = try shop.ledger()
        try await ledger.write([.customer(Customer(id: "acme", created: shop.time.now))])
        for _ in 0..<4 {
            #expect(try await ledger.backup(of: shop.home, now: shop.time.now))
            #expect(try await !ledger.backup(of: shop.home, now: shop.time.now))
            shop.time.advance(by: .days(1))
        }
        let copies = shop.folder.files(below: "home/backup").sorted()
        #expect(copies.count == 2)
        let other = TemporaryFolder()
        let home = try Home.open(other.file("home"))
        other.write(try #require(shop.folder.read(copies[1])), to: "home/ledger.sqlite")
        #expect(try await SQLiteLedger(home: home).customers().map(\.id) == ["acme"])
    }
}
