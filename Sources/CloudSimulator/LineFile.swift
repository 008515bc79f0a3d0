// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Whole files, for scenarios and for blobs that a web server serves from disk.
enum LineFile {
    /// The bytes of a file.
    static func bytes(_ path: String) throws(SimulatorFailure) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .file(path: path, reason: String(cString: strerror(errno))) }
        defer { close(file) }
        var out: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(file, &buffer, buffer.count)
            if count < 0 { throw .file(path: path, reason: String(cString: strerror(errno))) }
            if count == 0 { return out }
            out.append(contentsOf: buffer[..<count])
        }
    }

    /// The lines of a file that hold anything.
    static func lines(_ path: String) throws(SimulatorFailure) -> [[UInt8]] {
        try bytes(path).split { $0 == 0x0a || $0 == 0x0d }.map { Array($0) }
    }

    /// Writes a file, and the folders above it.
    static func write(_ bytes: [UInt8], to path: String) throws(SimulatorFailure) {
        var folder = ""
        for part in path.split(separator: "/").dropLast() {
            folder += (folder.isEmpty && !path.hasPrefix("/") ? "" : "/") + part
            mkdir(folder, 0o755)
        }
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw .file(path: path, reason: String(cString: strerror(errno))) }
        defer { close(file) }
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            guard count > 0 else { throw .file(path: path, reason: String(cString: strerror(errno))) }
            done += count
        }
    }
}
