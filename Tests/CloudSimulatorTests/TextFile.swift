// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Reads whole files in tests.
enum TextFile {
    struct Missing: Error { let path: String }

    static func bytes(_ path: String) throws -> [UInt8] {
        guard let file = fopen(path, "r") else { throw Missing(path: path) }
        defer { fclose(file) }
        var out: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { out += buffer[..<count] }
        return out
    }
}
