// SPDX-License-Identifier: Apache-2.0
import Basics
import Glibc

/// A folder for one test that nobody else may enter and that goes away with the last reference to it.
final class TemporaryHome: Sendable {
    /// Where it is, absolute and without links.
    let path: String

    init() throws(RehearsalFailure) {
        let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array((base + "/headgate-rehearsal-XXXXXX").utf8CString)
        guard let made = mkdtemp(&template), let real = realpath(made, nil) else {
            throw .noFolder(base: base, why: String(cString: strerror(errno)))
        }
        defer { free(real) }
        path = String(cString: real)
    }

    deinit { Self.remove(path) }

    /// Writes `text` into the file `name`, which only its owner may read, and gives its path.
    func write(_ text: String, to name: String) throws(RehearsalFailure) -> String {
        let target = path + "/" + name
        let file = open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .noFolder(base: target, why: String(cString: strerror(errno))) }
        defer { close(file) }
        let bytes = Array(text.utf8)
        guard Glibc.write(file, bytes, bytes.count) == bytes.count else {
            throw .noFolder(base: target, why: String(cString: strerror(errno)))
        }
        return target
    }

    /// The lines of every file in a folder of it, the files in the order of their names.
    static func lines(in folder: String) -> [[UInt8]] {
        names(in: folder).sorted().flatMap { name -> [[UInt8]] in
            let file = open(folder + "/" + name, O_RDONLY | O_CLOEXEC)
            guard file >= 0 else { return [] }
            defer { close(file) }
            var bytes: [UInt8] = []
            var chunk = [UInt8](repeating: 0, count: 1 << 16)
            while true {
                let count = read(file, &chunk, chunk.count)
                guard count > 0 else { break }
                bytes += chunk[..<count]
            }
            return bytes.split(separator: UInt8(ascii: "\n")).map(Array.init)
        }
    }

    private static func names(in folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    private static func remove(_ folder: String) {
        for name in names(in: folder) {
            let inner = folder + "/" + name
            guard let facts = FileFacts(inner, followingLinks: false) else { continue }
            if facts.kind == .folder { remove(inner) } else { unlink(inner) }
        }
        rmdir(folder)
    }
}
