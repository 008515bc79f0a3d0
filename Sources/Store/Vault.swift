// SPDX-License-Identifier: Apache-2.0
package import Basics
import Crypto
import Glibc
import JSON

/// Where secrets rest: one file, each entry sealed with AES-256-GCM under a key that lies in a file of its own.
///
/// The key is `vault.key` in the home, or what the service manager hands over (systemd's `LoadCredential=vault.key`,
/// see systemd.exec(5)). An entry is bound to its registration and slot, so that none can stand in for another.
package actor Vault {
    private let folder: String
    private let path: String
    private let keyPath: String
    private let credentials: String?

    /// The vault of `home`; `credentials` is the folder in which a service manager hands over keys.
    package init(
        _ home: Home,
        credentials: String? = getenv("CREDENTIALS_DIRECTORY").map { String(cString: $0) }
    ) {
        folder = home.path
        path = home.vault
        keyPath = home.vaultKey
        self.credentials = credentials
    }

    /// The secret in a slot of a registration; `nil` where there is none.
    package func secret(_ registration: String, _ slot: CredentialSlot) throws(StoreFailure) -> Secret? {
        guard let sealed = try entries()[Self.name(registration, slot)] else { return nil }
        let cipher = try cipher(making: false)
        guard let plain = try? cipher.open(sealed, aad: Self.seal(registration, slot)) else {
            throw .vaultBroken(path: path, reason: "the entry of \(registration) does not open with this key")
        }
        return Secret(String(decoding: plain, as: UTF8.self))
    }

    /// Puts a secret into a slot; on return it is on the disk.
    package func put(_ secret: Secret, _ registration: String, _ slot: CredentialSlot) throws(StoreFailure) {
        let plain = secret.reveal { Array($0.utf8) }
        try change { (entries) throws(StoreFailure) in
            let cipher = try cipher(making: entries.isEmpty)
            do {
                entries[Self.name(registration, slot)] = try cipher.seal(
                    plain,
                    aad: Self.seal(registration, slot)
                )
            } catch {
                throw .vaultBroken(path: path, reason: "\(error)")
            }
        }
    }

    /// Puts a secret into a slot again, should another process have swept it before the ledger knew of it.
    package func ensure(_ secret: Secret, _ registration: String, _ slot: CredentialSlot) throws(StoreFailure)
    {
        if try self.secret(registration, slot) != secret { try put(secret, registration, slot) }
    }

    /// Empties a slot.
    package func remove(_ registration: String, _ slot: CredentialSlot) throws(StoreFailure) {
        try change { (entries) in entries[Self.name(registration, slot)] = nil }
    }

    /// Empties the slots that none of a registration's credentials rests in.
    package func tidy(_ registration: Registration) throws(StoreFailure) {
        for slot in CredentialSlot.allCases where !registration.slots.contains(slot) {
            try remove(registration.id, slot)
        }
    }

    /// Drops entries that no credential of the ledger rests in, such as after a crash between the two writes.
    ///
    /// `flows` are the entries of walks that wait to be taken up again.
    package func sweep(keeping registrations: [Registration], flows: [String] = []) throws(StoreFailure) {
        let kept = registrations.flatMap { own in own.slots.map { Self.name(own.id, $0) } }
        let names = Set(kept + flows.map { Self.name($0, .current) })
        try change { (entries) in entries = entries.filter { names.contains($0.key) } }
    }

    /// Looks whether the vault can be opened at all, before anything relies on it.
    package func check() throws(StoreFailure) {
        if try !entries().isEmpty { _ = try cipher(making: false) }
    }

    private static func name(_ registration: String, _ slot: CredentialSlot) -> String {
        registration + "/" + slot.rawValue
    }

    private static func seal(_ registration: String, _ slot: CredentialSlot) -> [UInt8] {
        Array((registration + slot.rawValue).utf8)
    }

    // MARK: files

    private func entries() throws(StoreFailure) -> [String: [UInt8]] {
        guard let bytes = try Files.read(path) else { return [:] }
        let document: Value
        do { document = try Value(parsing: bytes) } catch {
            throw .vaultBroken(path: path, reason: "\(error)")
        }
        guard document["vault"] == 1, let object = document["entries"]?.objectValue else {
            throw .vaultBroken(path: path, reason: "it is not a vault of this version")
        }
        var entries: [String: [UInt8]] = [:]
        for (name, value) in object {
            guard let sealed = value.stringValue.flatMap({ Base64.decode($0) }) else {
                throw .vaultBroken(path: path, reason: "the entry \(name) is damaged")
            }
            entries[name] = sealed
        }
        return entries
    }

    /// Makes a change on what the file holds now, while no other process changes it; nothing is written for none.
    private func change(
        _ body: (inout [String: [UInt8]]) throws(StoreFailure) -> Void
    ) throws(StoreFailure) {
        let lock = try Files.open(folder, O_RDONLY | O_DIRECTORY)
        defer { close(lock) }
        // Held for as long as one small file takes to be written, and let go by the system where a process dies; only
        // one that was stopped in the middle could keep it.
        var tries = 0
        while flock(lock, LOCK_EX | LOCK_NB) != 0 {
            tries += 1
            let isHeld = errno == EWOULDBLOCK || errno == EINTR
            guard isHeld, tries < Self.mostTries else {
                throw .file(path: path, operation: "locked", code: errno)
            }
            usleep(5_000)
        }
        var entries = try entries()
        let before = entries
        try body(&entries)
        if entries != before { try write(entries) }
    }

    /// Ten seconds.
    private static let mostTries = 2_000

    private func write(_ entries: [String: [UInt8]]) throws(StoreFailure) {
        let members = entries.sorted { $0.key < $1.key }.map {
            ($0.key, Value.string(Base64.encode($0.value)))
        }
        let document: Value = .object(Object([("vault", 1), ("entries", .object(Object(members)))]))
        try Files.replace(path, with: document.bytes(pretty: true))
    }

    private func cipher(making: Bool) throws(StoreFailure) -> AESGCM {
        if let credentials, let handed = try Files.read(credentials + "/vault.key") {
            return try cipher(handed, credentials + "/vault.key")
        }
        if let own = try Files.read(keyPath) { return try cipher(own, keyPath) }
        guard making else { throw .vaultWithoutKey(path: path) }
        let key = Random.bytes(32)
        try Files.replace(keyPath, with: Array((Base64.encode(key) + "\n").utf8))
        return try cipher(Array(Base64.encode(key).utf8), keyPath)
    }

    private func cipher(_ text: [UInt8], _ place: String) throws(StoreFailure) -> AESGCM {
        let line = String(decoding: text, as: UTF8.self).split(whereSeparator: \.isWhitespace).first ?? ""
        guard let key = Base64.decode(String(line)), key.count == 32 else {
            throw .vaultBroken(path: place, reason: "it holds no key of 32 bytes in base64")
        }
        return AESGCM(key: key)
    }
}
