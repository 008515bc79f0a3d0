// SPDX-License-Identifier: Apache-2.0
import Basics
import Glibc

/// A folder of mode 0700 that goes away with the last reference to it.
package final class TemporaryFolder: Sendable {
    /// Where it is, absolute and without links.
    package let path: String

    /// Makes an empty folder below TMPDIR or `/tmp`.
    package init() {
        let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array((base + "/headgate-test-XXXXXX").utf8CString)
        guard let made = mkdtemp(&template), let real = realpath(made, nil) else {
            fatalError("no temporary folder below \(base): \(String(cString: strerror(errno)))")
        }
        defer { free(real) }
        path = String(cString: real)
    }

    deinit { Self.remove(path) }

    /// The path of `name` inside.
    package func file(_ name: String) -> String { path + "/" + name }

    /// Writes `text` to `name`, with its folders made, and gives the path.
    @discardableResult
    package func write(_ text: String, to name: String, mode: UInt32 = 0o600) -> String {
        write(Array(text.utf8), to: name, mode: mode)
    }

    /// Writes `bytes` to `name`, with its folders made, and gives the path.
    @discardableResult
    package func write(_ bytes: [UInt8], to name: String, mode: UInt32 = 0o600) -> String {
        let target = file(name)
        var folder = path
        for part in name.split(separator: "/").dropLast() {
            folder += "/" + part
            mkdir(folder, 0o700)
        }
        let descriptor = open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard descriptor >= 0 else {
            fatalError("cannot write \(target): \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        fchmod(descriptor, mode)
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { fatalError("cannot write \(target): \(String(cString: strerror(errno)))") }
            rest = rest.dropFirst(count)
        }
        return target
    }

    /// The bytes of `name`, or `nil` when it cannot be read.
    package func read(_ name: String) -> [UInt8]? { Self.contents(of: file(name)) }

    /// The bytes of the file at `path`, or `nil` when it cannot be read.
    package static func contents(of path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            guard count >= 0 else { return nil }
            if count == 0 { return all }
            all += buffer[..<count]
        }
    }

    /// Every file below, as paths relative to the folder, sorted.
    package func files(below name: String = "") -> [String] {
        let folder = name.isEmpty ? path : file(name)
        var found: [String] = []
        for entry in Self.entries(of: folder) {
            let inner = name.isEmpty ? entry : name + "/" + entry
            guard let facts = FileFacts(file(inner), followingLinks: false) else { continue }
            if facts.kind == .folder { found += files(below: inner) } else { found.append(inner) }
        }
        return found.sorted()
    }

    private static func entries(of folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    private static func remove(_ folder: String) {
        for name in entries(of: folder) {
            let inner = folder + "/" + name
            guard let facts = FileFacts(inner, followingLinks: false) else { continue }
            if facts.kind == .folder {
                chmod(inner, 0o700)
                remove(inner)
            } else {
                unlink(inner)
            }
        }
        rmdir(folder)
    }
}
