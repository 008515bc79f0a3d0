// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Reads what a person named on the command line.
enum ReadFile {
    /// The bytes of the file at `path`, `-` being standard input.
    static func bytes(_ path: String, most: Int = 16 << 20) throws -> [UInt8] {
        let descriptor = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(path) }
        defer { close(descriptor) }
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw unreadable(path)
            }
            if count == 0 { return all }
            all += buffer[..<count]
            guard all.count <= most else {
                throw Stop(.usage, "\(path) is larger than \(most >> 20) MiB: is it the right file?")
            }
        }
    }

    /// Whether there is anything at `path`.
    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    private static func unreadable(_ path: String) -> Stop {
        Stop(.usage, "\(path) could not be read: \(String(cString: strerror(errno))).")
    }
}
