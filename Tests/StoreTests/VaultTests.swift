// SPDX-License-Identifier: Apache-2.0
import Basics
import Glibc
import Store
import TestSupport
import Testing

@Suite("The vault")
struct VaultTests {
    let folder = TemporaryFolder()
    let home: Home

    init() throws { home = try Home.open(folder.file("home")) }

    @Test func `a secret comes back as it was put in, after a restart as well`() async throws {
        let odd = "p~._-+/=\"\\ ü 😀\t"
        try await Vault(home, credentials: nil).put(Secret(odd), "r1", .current)
        let again = Vault(home, credentials: nil)
        let secret = try await again.secret("r1", .current)
        #expect(secret == Secret(odd))
        #expect(try await again.secret("r1", .next) == nil)
        #expect(try await again.secret("r2", .current) == nil)
    }

    @Test func `the file never holds a secret in the clear and only its owner may read it`() async throws {
        try await Vault(home, credentials: nil).put(Secret("correct horse battery"), "r1", .current)
        for path in [home.vault, home.vaultKey] {
            #expect(FileFacts(path)?.mode == 0o600)
        }
        let file = fopen(home.vault, "r")
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 10_000)
        let count = fread(&bytes, 1, bytes.count, file)
        #expect(!String(decoding: bytes[..<count], as: UTF8.self).contains("horse"))
    }

    @Test func `a vault without its key is refused in one sentence`() async throws {
        try await Vault(home, credentials: nil).put(Secret("correct horse battery"), "r1", .current)
        #expect(unlink(home.vaultKey) == 0)
        let vault = Vault(home, credentials: nil)
        await #expect(throws: StoreFailure.vaultWithoutKey(path: home.vault)) {
            try await vault.secret("r1", .current)
        }
        await #expect(throws: StoreFailure.self) { try await vault.check() }
        await #expect(throws: StoreFailure.vaultWithoutKey(path: home.vault)) {
            try await vault.put(Secret("another one"), "r2", .current)
        }
    }

    @Test func `an entry cannot stand in for another's`() async throws {
        let vault = Vault(home, credentials: nil)
        try await vault.put(Secret("first secret"), "r1", .current)
        try await vault.put(Secret("second secret"), "r2", .current)
        var text = String(decoding: try #require(read(home.vault)), as: UTF8.self)
        text = text.replacing("r1/current", with: "rx/current").replacing("r2/current", with: "r1/current")
        let file = fopen(home.vault, "w")
        fputs(text, file)
        fclose(file)
        await #expect(throws: StoreFailure.self) { try await vault.secret("r1", .current) }
    }

    @Test func `entries that no registration claims are swept`() async throws {
        let vault = Vault(home, credentials: nil)
        try await vault.put(Secret("first secret"), "r1", .current)
        try await vault.put(Secret("second secret"), "r2", .current)
        try await vault.put(Secret("third secret"), "r2", .next)
        let now = Timestamp(seconds: 1_795_000_000)
        let kept = Registration(
            id: "r2",
            cloud: "lab",
            tenant: "t",
            clientKey: "c",
            current: Credential(kind: .secret, slot: .next, added: now),
            created: now
        )
        try await vault.sweep(keeping: [kept])
        #expect(try await vault.secret("r1", .current) == nil)
        #expect(try await vault.secret("r2", .current) == nil)
        #expect(try await vault.secret("r2", .next) == Secret("third secret"))
    }

    @Test func `a key handed over by the service manager is used`() async throws {
        let folder = home.path + "/credentials"
        #expect(mkdir(folder, 0o700) == 0)
        let file = fopen(folder + "/vault.key", "w")
        fputs("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n", file)
        fclose(file)
        try await Vault(home, credentials: folder).put(Secret("handed over"), "r1", .current)
        #expect(FileFacts(home.vaultKey) == nil)
        #expect(try await Vault(home, credentials: folder).secret("r1", .current) == Secret("handed over"))
    }

    private func read(_ path: String) -> [UInt8]? {
        let file = fopen(path, "r")
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 100_000)
        let count = fread(&bytes, 1, bytes.count, file)
        return Array(bytes[..<count])
    }
}

@Suite("The host lock")
struct HostLockTests {
    @Test func `a second one is refused and told who holds it and since when`() throws {
        let folder = TemporaryFolder()
        let home = try Home.open(folder.file("home"))
        let first = try HostLock(home)
        let failure = #expect(throws: StoreFailure.self) { try HostLock(home) }
        guard case .locked(let pid?, let since?)? = failure else {
            Issue.record("no pid or time in \(String(describing: failure))")
            return
        }
        #expect(pid == getpid())
        #expect(Timestamp(iso8601: since) != nil)
        withExtendedLifetime(first) {}
    }
}
