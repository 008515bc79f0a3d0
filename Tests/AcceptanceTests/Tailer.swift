// SPDX-License-Identifier: Apache-2.0
import Basics
import Glibc
import TestSupport

/// Follows the files of an archive by offset, as log shippers do, and remembers every byte it was shown.
final class Tailer: Sendable {
    private struct Seen {
        var inode: UInt64
        var bytes: [UInt8] = []
    }

    private struct State {
        var files: [String: Seen] = [:]
        var complaints: [String] = []
        var looks = 0
    }

    /// So much of what was read before is read again at each look.
    private static let again = 4096

    private let folder: String
    private let state = Locked(State())

    init(_ folder: String) { self.folder = folder }

    /// Follows until the task is cancelled.
    func follow() async {
        while !Task.isCancelled {
            look()
            try? await Task.sleep(for: .milliseconds(3))
        }
    }

    /// How often it has looked.
    var looks: Int { state.withLock { $0.looks } }

    /// Looks a last time, compares every byte it was ever shown, and says all that a shipper would have choked on.
    func complaints() -> [String] {
        look()
        return state.withLock { state in
            for (name, seen) in state.files.sorted(by: { $0.key < $1.key })
            where TemporaryFolder.contents(of: folder + "/" + name) != seen.bytes {
                state.complaints.append("\(name) is not what was read of it")
            }
            return state.complaints
        }
    }

    private func look() {
        let names = Folder.files(below: folder)
        state.withLock { state in
            state.looks += 1
            for name in names { Self.read(folder, name, &state) }
            for gone in Set(state.files.keys).subtracting(names) {
                state.complaints.append("\(gone) is gone")
                state.files[gone] = nil
            }
        }
    }

    private static func read(_ folder: String, _ name: String, _ state: inout State) {
        let file = open(folder + "/" + name, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return }
        defer { close(file) }
        guard let facts = FileFacts(descriptor: file) else { return }
        var seen = state.files[name] ?? Seen(inode: facts.inode)
        if seen.inode != facts.inode { state.complaints.append("\(name) was replaced") }
        if Int(facts.size) < seen.bytes.count {
            state.complaints.append("\(name) shrank from \(seen.bytes.count) to \(facts.size)")
        }
        let from = max(0, seen.bytes.count - again)
        var buffer = [UInt8](repeating: 0, count: max(0, Int(facts.size) - from))
        let count = max(0, pread(file, &buffer, buffer.count, off_t(from)))
        let known = min(count, seen.bytes.count - from)
        if buffer[..<known] != seen.bytes[from..<(from + known)] {
            state.complaints.append("\(name) changed behind byte \(from)")
        }
        seen.bytes += buffer[known..<count]
        state.files[name] = seen
    }
}
