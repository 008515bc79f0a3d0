// SPDX-License-Identifier: Apache-2.0
import Glibc

extension Rig {
    static func names(in folder: String) -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    static func bytes(of path: String) -> [UInt8] {
        guard let file = fopen(path, "r") else { return [] }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 20)
        while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[..<count] }
        return bytes
    }

    static func lines(_ path: String) -> [ArraySlice<UInt8>] {
        bytes(of: path).split(separator: UInt8(ascii: "\n"))
    }

    /// The event in a journal line, byte for byte.
    static func event(of line: ArraySlice<UInt8>) -> [UInt8] {
        let mark = Array(",\"event\":".utf8)
        guard let place = line.firstRange(of: mark) else { return [] }
        return Array(line[place.upperBound...].dropLast())
    }
}
