// SPDX-License-Identifier: Apache-2.0
import Basics
import Crypto

/// Every file of a definition's folder, read once, so that what was trusted is what is used.
struct Snapshot: Sendable {
    /// The most files that one folder may hold.
    static let mostFiles = 1_000
    /// The most bytes that they may hold together.
    static let mostBytes = 16 << 20
    private static let deepest = 4

    /// The files by path below the folder, in the order of their paths.
    private(set) var files: [(path: String, bytes: [UInt8])] = []
    private var size = 0

    /// Reads `folder`; hidden files are left out, since nothing reads them, and links are refused.
    init(of folder: String) throws(ConnectorFailure) {
        try walk(folder, below: "", level: 0)
        files.sort { $0.path < $1.path }
    }

    private mutating func walk(_ folder: String, below path: String, level: Int) throws(ConnectorFailure) {
        let here = path.isEmpty ? folder : folder + "/" + path
        guard level < Self.deepest, let names = Folder.names(in: here) else {
            throw .unreadable(file: here, why: "it is no folder that can be read, or lies too deep")
        }
        for name in names {
            let inner = path.isEmpty ? name : path + "/" + name
            let whole = folder + "/" + inner
            switch FileFacts(whole, followingLinks: false)?.kind {
            case .folder?: try walk(folder, below: inner, level: level + 1)
            case .file?:
                let bytes = try Folder.read(whole, followingLinks: false)
                size += bytes.count
                files.append((inner, bytes))
                guard files.count <= Self.mostFiles, size <= Self.mostBytes else {
                    throw .unreadable(
                        file: folder,
                        why: "it holds more than \(Self.mostFiles) files or \(Self.mostBytes >> 20) MiB"
                    )
                }
            case .other?, nil:
                let isLink = FileFacts(whole, followingLinks: false) != nil
                throw .unreadable(file: whole, why: isLink ? Folder.linked : "it is gone")
            }
        }
    }

    /// The bytes of the file at `path` below the folder.
    func bytes(_ path: String) -> [UInt8]? { files.first { $0.path == path }?.bytes }

    /// The SHA-256 over paths, lengths and bytes of all files, in hexadecimal.
    var digest: String {
        let hash = SHA256()
        for file in files {
            hash.update("\(file.path.utf8.count) \(file.path) \(file.bytes.count) ")
            hash.update(file.bytes)
        }
        return Hex.encode(hash.finish())
    }
}
