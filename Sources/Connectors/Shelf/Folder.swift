// SPDX-License-Identifier: Apache-2.0
import Basics
import Glibc

/// The few file operations that reading definitions and flows takes.
package enum Folder {
    /// The largest definition or test that is read.
    static let largest = 4 << 20

    /// Names of what is in a folder, in order; `nil` where there is no such folder.
    static func names(in path: String) -> [String]? {
        guard let directory = opendir(path) else { return nil }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    /// Names of the folders in a folder, in order; `nil` where there is no such folder.
    package static func folders(in path: String) -> [String]? {
        names(in: path)?.filter { exists(path + "/" + $0) }
    }

    /// Whether `path` is a folder.
    static func exists(_ path: String) -> Bool { FileFacts(path)?.kind == .folder }

    /// Whether `path` is a file.
    static func hasFile(_ path: String) -> Bool { FileFacts(path)?.kind == .file }

    /// The bytes of a file; one that is a link is refused where links are not followed.
    static func read(_ path: String, followingLinks: Bool = true) throws(ConnectorFailure) -> [UInt8] {
        // Without O_NONBLOCK a pipe that nobody writes to would hold up everything.
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | (followingLinks ? 0 : O_NOFOLLOW))
        if file < 0, errno == ELOOP, !followingLinks {
            throw ConnectorFailure.unreadable(file: path, why: linked)
        }
        guard file >= 0 else { throw ConnectorFailure.unreadable(file: path, why: reason()) }
        defer { close(file) }
        guard let facts = FileFacts(descriptor: file), facts.kind == .file else {
            throw ConnectorFailure.unreadable(file: path, why: "it is no file")
        }
        guard facts.size <= largest else {
            throw ConnectorFailure.unreadable(file: path, why: "it is larger than \(largest >> 20) MiB")
        }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while bytes.count <= largest {
            let count = chunk.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw ConnectorFailure.unreadable(file: path, why: reason()) }
            if count == 0 { return bytes }
            bytes += chunk[..<count]
        }
        throw ConnectorFailure.unreadable(file: path, why: "it is larger than \(largest >> 20) MiB")
    }

    static let linked = "it is a link, and a folder of one's own may hold none"

    private static func reason() -> String { String(cString: strerror(errno)) }
}
