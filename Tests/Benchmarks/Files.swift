// SPDX-License-Identifier: Apache-2.0
import Basics
import Glibc

/// The few things that the benchmarks do with files.
enum Files {
    /// The bytes of the file at `path`.
    static func bytes(_ path: String) throws -> [UInt8] {
        var all: [UInt8] = []
        try pieces(of: path) { all += $0 }
        return all
    }

    /// The file at `path` as text.
    static func text(_ path: String) -> String {
        (try? bytes(path)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// Hands the file at `path` over piece by piece.
    static func pieces(of path: String, _ take: (UnsafeRawBufferPointer) throws -> Void) throws {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw failure("cannot read \(path)") }
        defer { close(file) }
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = read(file, &buffer, buffer.count)
            guard count >= 0 else { throw failure("cannot read \(path)") }
            if count == 0 { return }
            try buffer.withUnsafeBytes { try take(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        }
    }

    /// Writes `text` to `path`, its folder being there.
    static func write(_ text: String, to path: String, mode: UInt32 = 0o600) throws {
        try write(Array(text.utf8), to: path, mode: mode)
    }

    /// Writes `bytes` to `path`, its folder being there.
    static func write(_ bytes: [UInt8], to path: String, mode: UInt32 = 0o600) throws {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard file >= 0 else { throw failure("cannot write \(path)") }
        defer { close(file) }
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(file, $0.baseAddress.map { $0 + done }, $0.count - done)
            }
            guard count > 0 else { throw failure("cannot write \(path)") }
            done += count
        }
    }

    /// Makes `path` and the folders above it.
    static func makeFolder(_ path: String, mode: UInt32 = 0o700) throws {
        var folder = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            folder += "/" + part
            guard mkdir(folder, mode) == 0 || errno == EEXIST else { throw failure("cannot make \(folder)") }
        }
    }

    /// Every plain file below `folder`, as paths below it, sorted.
    static func below(_ folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var found: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name == "." || name == ".." { continue }
            if entry.pointee.d_type == UInt8(DT_DIR) {
                found += below(folder + "/" + name).map { name + "/" + $0 }
            } else {
                found.append(name)
            }
        }
        return found.sorted()
    }

    /// Takes `folder` away with all that is in it.
    static func remove(_ folder: String) {
        guard let stream = opendir(folder) else { return }
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name == "." || name == ".." { continue }
            let path = folder + "/" + name
            if entry.pointee.d_type == UInt8(DT_DIR) { remove(path) } else { unlink(path) }
        }
        closedir(stream)
        rmdir(folder)
    }

    /// Copies a folder as it is, modes included.
    static func copy(_ folder: String, to target: String) async throws {
        try await Child(["cp", "-a", "--reflink=auto", folder, target], output: target + ".log").succeed()
        unlink(target + ".log")
    }

    /// How many lines the files of `folder` hold whose names end in `suffix`.
    static func lines(below folder: String, suffix: String = ".ndjson") throws -> Int {
        var count = 0
        for name in below(folder) where name.hasSuffix(suffix) {
            try pieces(of: folder + "/" + name) { piece in
                for byte in piece where byte == 0x0a { count += 1 }
            }
        }
        return count
    }

    /// The bytes that the files of `folder` hold together.
    static func size(below folder: String) -> Int {
        below(folder).reduce(0) { $0 + size(of: folder + "/" + $1) }
    }

    /// The bytes of one file; none where it is not there.
    static func size(of path: String) -> Int {
        FileFacts(path).map { Int($0.size) } ?? 0
    }

    private static func failure(_ what: String) -> BenchFailure {
        BenchFailure("\(what): \(String(cString: strerror(errno)))")
    }
}
