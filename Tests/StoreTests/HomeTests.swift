// SPDX-License-Identifier: Apache-2.0
import Basics
import Glibc
import Store
import TestSupport
import Testing

@Suite struct HomeTests {
    private let folder = TemporaryFolder()

    private func mode(_ path: String) -> UInt32? {
        FileFacts(path)?.mode
    }

    @Test func `a home is made with its folders, for its owner only`() throws {
        let home = try Home.open(folder.file("deep/er/home"))
        for path in [home.path, home.journal, home.archive, home.quarantine, home.backup] {
            #expect(mode(path) == 0o700)
        }
        _ = try SQLiteLedger(home: home)
        #expect(mode(home.ledger) == 0o600)
    }

    @Test(arguments: ["", "/journal", "/ledger.sqlite", "/vault", "/vault.key", "/archive"])
    func `what others may read is refused by name`(item: String) throws {
        let home = try Home.open(folder.file("home"))
        folder.write("", to: "home/ledger.sqlite")
        folder.write("", to: "home/vault")
        folder.write("", to: "home/vault.key")
        let path = home.path + item
        chmod(path, 0o755)
        let failure = #expect(throws: StoreFailure.self) { _ = try Home.open(home.path) }
        #expect(failure == .tooWide(path: path, mode: 0o755))
        #expect(failure?.isRefusal == true)
        #expect(failure?.description.contains("chmod go-rwx \(path)") == true)
    }

    @Test func `what people write may be readable but not writable by others`() throws {
        let home = try Home.open(folder.file("home"))
        folder.write("{}", to: "home/clouds.json", mode: 0o644)
        _ = try Home.open(home.path)
        chmod(home.clouds, 0o666)
        #expect(throws: StoreFailure.tooWide(path: home.clouds, mode: 0o666)) { _ = try Home.open(home.path) }
    }

    @Test func `where nothing was set up there is no home, and none is made`() throws {
        #expect(try Home.openExisting(folder.file("none")) == nil)
        #expect(mode(folder.file("none")) == nil)
        folder.write("{}", to: "bare/clouds.json")
        #expect(try Home.openExisting(folder.file("bare")) == nil)
    }

    @Test(arguments: [
        ("env:NAME", true), ("file:/a b", true), (#"command:["pass","show","x"]"#, true), ("env:", false),
        ("command:pass", false), ("command:[]", false), (#"command:["a",1]"#, false), ("secret", false),
    ])
    func `references read and write themselves`(text: String, valid: Bool) {
        let reference = SecretReference(text)
        #expect((reference != nil) == valid)
        if let reference { #expect(SecretReference(reference.description) == reference) }
    }

    @Test func `a folder of other things is no home, and nobody is told to lock others out of it`() throws {
        folder.write("x", to: "others/file")
        let path = folder.file("others")
        chmod(path, 0o755)
        for open in [{ _ = try Home.open(path) }, { _ = try Home.openExisting(path) }] as [() throws -> Void]
        {
            let error = #expect(throws: StoreFailure.self) { try open() }
            guard case .noHome? = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
        }
        #expect(folder.read("others/file") != nil && FileFacts(path + "/journal") == nil)
    }
}
