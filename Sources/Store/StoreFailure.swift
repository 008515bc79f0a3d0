// SPDX-License-Identifier: Apache-2.0

/// What keeps the store from doing its work, each with a sentence for a person.
package enum StoreFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// Another process walks through a flow about the same thing.
    case flowHeld(subject: String, pid: Int32?, since: String?)
    /// A file or folder of the home that others may read or write.
    case tooWide(path: String, mode: UInt32)
    /// A folder that is no home, or cannot be made one.
    case noHome(path: String, reason: String)
    /// Another process holds the host lock.
    case locked(pid: Int32?, since: String?)
    /// A file that could not be read, written or synced; `code` is the system's error number.
    case file(path: String, operation: String, code: Int32)
    /// The ledger cannot be read as one.
    case corrupt(path: String, reason: String)
    /// There is no ledger, but what one accounts for; `copy` is its newest backup.
    case ledgerGone(path: String, copy: String?)
    /// The ledger was written by a newer Headgate.
    case tooNew(path: String, version: Int, known: Int)
    /// The ledger says that more was stored than the journal holds.
    case journalShort(path: String, needed: Int64, found: Int64)
    /// A place of the journal that holds no line of ours, though it is committed.
    case journalDamaged(path: String, offset: Int64, reason: String)
    /// SQLite refused; `code` is its extended result code.
    case database(code: Int32, message: String)
    /// One batch could not be stored even alone; the others went on.
    case batchRefused(stream: String, reason: String)
    /// The vault is there but not the key that opens it.
    case vaultWithoutKey(path: String)
    /// The vault, its key, or one entry of it is not what it should be.
    case vaultBroken(path: String, reason: String)
    /// A configuration that does not read.
    case configuration(path: String, problems: [String])
    /// A secret that a reference names could not be had.
    case secret(reference: String, reason: String)
    /// A value that names nothing in the ledger.
    case missing(String)

    /// Whether it is a refusal for safety's sake (exit 6), not a fault.
    package var isRefusal: Bool {
        switch self {
        case .tooWide, .locked, .flowHeld, .corrupt, .ledgerGone, .tooNew, .journalShort, .vaultWithoutKey,
            .vaultBroken,
            .noHome:
            true
        default: false
        }
    }

    /// Whether the disk has no room; the committer waits it out by itself.
    package var isDiskFull: Bool {
        switch self {
        case .file(_, _, let code): SystemError.isFull(code)
        case .database(let code, _): DatabaseCode(extended: code) == .full
        default: false
        }
    }

    package var description: String {
        switch self {
        case .tooWide(let path, let mode):
            "\(path) may be read by others (mode \(octal(mode))): run `chmod go-rwx \(path)`, then try again."
        case .noHome(let path, let reason):
            "\(path) cannot be used as Headgate's home: \(reason). Give another folder with --home."
        case .locked(let pid, let since):
            "Another headgate is running here" + (pid.map { " (pid \($0)" } ?? "")
                + (since.map { ", since \($0)" } ?? "") + (pid == nil ? "" : ")")
                + ": let it do the work, or stop it first."
        case .flowHeld(let subject, let pid, let since):
            "Somebody else is setting up \(subject) right now" + (pid.map { " (pid \($0)" } ?? "")
                + (since.map { ", since \($0)" } ?? "") + (pid == nil ? "" : ")")
                + ": wait until they are done, or end their headgate first."
        case .file(let path, let operation, let code):
            "\(path) could not be \(operation): \(SystemError.text(code)). Check the disk and its permissions."
        case .corrupt(let path, let reason):
            "The ledger \(path) is damaged (\(reason)): nothing was changed. Put the newest file of the folder"
                + " backup, where there is one, in its place; what was collected since is fetched again as far as the source keeps it."
        case .ledgerGone(let path, let copy):
            "The ledger \(path) is gone, but what was collected under it is there: nothing was changed. "
                + (copy.map { "Put it back, or a copy of \($0) in its place" }
                    ?? "Put it back, from a backup of this machine")
                + "; to begin anew, name another home with --home."
        case .tooNew(let path, let version, let known):
            "The ledger \(path) was written by a newer Headgate (schema \(version), this one knows \(known)):"
                + " install that version or newer."
        case .journalShort(let path, let needed, let found):
            "The journal \(path) ends at byte \(found), but the ledger counts on \(needed): records that were stored"
                + " are missing. Nothing was changed; bring the file back, or restore journal and ledger together."
        case .journalDamaged(let path, let offset, let reason):
            "The journal \(path) is damaged at byte \(offset): \(reason). Nothing was changed; bring the file back from"
                + " a backup, or delete it to go on without its records."
        case .database(let code, let message):
            isDiskFull
                ? "The disk is full: the ledger can be neither opened nor written (SQLite \(code)). Make room, and"
                    + " collection goes on by itself."
                : "The ledger refused (SQLite \(code)): \(message)."
        case .batchRefused(let stream, let reason):
            "A batch of \(stream) could not be stored: \(reason)"
        case .vaultWithoutKey(let path):
            "The vault \(path) is there, but its key is not: put vault.key back beside it, or remove the vault and"
                + " give every secret again with `headgate reauth`."
        case .vaultBroken(let path, let reason):
            "The vault \(path) cannot be opened: \(reason). Restore vault and vault.key together, or give the secrets"
                + " again with `headgate reauth`."
        case .configuration(let path, let problems):
            "\(path) does not read: \(problems.joined(separator: "; "))."
        case .secret(let reference, let reason):
            "The secret at \(reference) could not be had: \(reason)."
        case .missing(let name):
            "There is no \(name)."
        }
    }
}

/// `mode` as `chmod` writes it.
private func octal(_ mode: UInt32) -> String {
    let digits = String(mode & 0o7777, radix: 8)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
}
