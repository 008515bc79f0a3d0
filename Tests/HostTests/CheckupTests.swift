// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Glibc
import Host
import Probing
import Status
import Store
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10)))
struct CheckupTests {
    private static let gib: Int64 = 1 << 30

    @Test(arguments: [
        (DiskRoom(free: 90 * gib, total: 100 * gib, isReserveHeld: true), CheckResult.Mark.pass),
        (DiskRoom(free: gib - 1, total: 100 * gib, isReserveHeld: true), .warn),
        (DiskRoom(free: 1 << 20, total: 100 * gib, isReserveHeld: true), .fail),
        (DiskRoom(free: 90 * gib, total: 100 * gib, isReserveHeld: false), .warn),
    ])
    func `a disk is judged by its room and the reserve`(_ room: DiskRoom, _ mark: CheckResult.Mark) {
        let check = Checkup.disk(room, hasRun: true)
        #expect(check.mark == mark && (check.remedy == nil) == (mark == .pass), "\(check)")
    }

    @Test func `a disk that does not say, and one without a host so far, are no troubles`() {
        #expect(Checkup.disk(nil, hasRun: true).mark == .unknown)
        let fresh = DiskRoom(free: 90 * Self.gib, total: 100 * Self.gib, isReserveHeld: false)
        #expect(Checkup.disk(fresh, hasRun: false).mark == .pass)
        #expect(Checkup.disk(fresh, hasRun: false).message == "90 GiB of 100 GiB are free")
    }

    @Test func `a healthy home passes, and looking changes nothing of it`() async throws {
        let rig = try await Rig()
        try await rig.pass()
        let before = try await rig.ledger.connections()
        let checkup = Checkup(rig.home, time: rig.time)
        let checks = checkup.place() + (await checkup.store(rig.ledger))
        #expect(checks.allSatisfy { $0.mark == .pass || $0.subject == .disk }, "\(checks)")
        #expect(checks.map(\.subject) == [.home, .disk, .ledger, .journal])
        #expect(Checkup.definitions(rig.station.shelf, before).mark == .pass)
        #expect(try await rig.ledger.connections() == before)
    }

    @Test func `rights for others and a journal that lost records are named with their file`() async throws {
        let rig = try await Rig()
        try await rig.pass()
        chmod(rig.home.ledger, 0o644)
        let checkup = Checkup(rig.home, time: rig.time)
        let home = try #require(checkup.place().first)
        #expect(home.mark == .fail && home.message.contains(rig.home.ledger), "\(home)")
        let segment = rig.home.journal + "/0000000001.ndjson"
        truncate(segment, 10)
        let journal = try #require(await checkup.store(rig.ledger).last)
        #expect(journal.subject == .journal && journal.mark == .fail)
        #expect(journal.message.contains(segment) && FileFacts(segment)?.size == 10, "\(journal)")
    }

    @Test func `the vault must open and hold what it is said to hold`() async throws {
        let rig = try await Rig()
        let checkup = Checkup(rig.home, time: rig.time)
        let vault = Vault(rig.home, credentials: nil)
        let registrations = try await rig.ledger.registrations()
        let lacking = await checkup.vault(vault, registrations)
        #expect(lacking.mark == .fail && lacking.message.contains(Rig.app))
        try await vault.put(Secret(Rig.secret), "r1", .current)
        #expect(await checkup.vault(vault, registrations).mark == .pass)
        unlink(rig.home.vaultKey)
        let closed = await checkup.vault(vault, registrations)
        #expect(closed.mark == .fail && !closed.message.contains(Rig.secret))
    }

    @Test(arguments: [
        (HostFacts.Mode.run, Duration.seconds(30), CheckResult.Mark.pass), (.run, .minutes(3), .warn),
        (.once, .hours(3), .pass), (.once, .days(2), .warn),
    ])
    func `a host is judged by its last sign of life`(
        _ mode: HostFacts.Mode,
        _ age: Duration,
        _ mark: CheckResult.Mark
    ) async throws {
        let rig = try await Rig()
        let checkup = Checkup(rig.home, time: rig.time)
        let facts = HostFacts(version: "test", mode: mode, lastTick: rig.time.now - age)
        #expect(checkup.host(facts, hasConnections: true).mark == mark)
        #expect(checkup.host(nil, hasConnections: true).mark == .warn)
        #expect(checkup.host(nil, hasConnections: false).mark == .skip)
    }

    @Test(arguments: [
        ([Duration.zero], true, CheckResult.Mark.pass), ([.minutes(-9), .zero], true, .warn),
        ([], true, .unknown),
        ([], false, .skip),
    ])
    func `a clock is judged by the services'`(_ skews: [Duration], _ asked: Bool, _ mark: CheckResult.Mark) {
        #expect(Checkup.clock(skews, asked: asked, now: Rig.start).mark == mark)
    }

    @Test func `a file of authorities must be there and hold some`() {
        let folder = TemporaryFolder()
        #expect(Checkup.tls(caFile: folder.file("none.pem")).mark == .fail)
        let wrong = Checkup.tls(caFile: folder.write("hello", to: "wrong.pem"))
        #expect(wrong.mark == .fail && wrong.message.contains("wrong.pem"))
        let pem = "-----BEGIN CERTIFICATE-----\n"
        let right = Checkup.tls(caFile: folder.write(pem, to: "right.pem"))
        #expect(!right.message.contains("of no use"), "\(right)")
    }

    @Test(
        arguments: [
            ([.pass, .skip, .passEmpty], 0), ([.pass, .wait], 4), ([.unknown, .warn], 1),
            ([.warn, .fail, .wait], 5),
        ] as [([CheckResult.Mark], Int32)]
    )
    func `the worst mark decides the exit code`(_ marks: [CheckResult.Mark], _ code: Int32) {
        #expect(HostCheck.exitCode(of: marks) == code)
    }
}
