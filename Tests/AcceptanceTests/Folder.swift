// SPDX-License-Identifier: Apache-2.0
import Basics
import Crypto
import Glibc
import TestSupport

/// Looks at a folder from outside.
enum Folder {
    /// Every file below, as paths relative to `path`, sorted.
    static func files(below path: String) -> [String] {
        var found: [String] = []
        walk(path, "") { name, isFolder in if !isFolder { found.append(name) } }
        return found.sorted()
    }

    /// A line for everything below `path`: its mode and what it holds; two equal prints mean that nothing changed.
    static func print(of path: String, without left: String = "") -> [String] {
        var lines: [String] = []
        walk(path, "") { name, isFolder in
            if name == left { return }
            let facts = FileFacts("\(path)/\(name)", followingLinks: false)
            let mode = String(facts?.mode ?? 0, radix: 8)
            guard !isFolder else { return lines.append("\(name)/ \(mode)") }
            let bytes = TemporaryFolder.contents(of: "\(path)/\(name)") ?? []
            lines.append("\(name) \(mode) \(bytes.count) \(Hex.encode(Digest.sha256(bytes)))")
        }
        return lines.sorted()
    }

    /// The files below `path` that hold `text`.
    static func files(below path: String, holding text: String) -> [String] {
        let needle = Needle(text)
        return files(below: path).filter { name in
            needle.place(in: TemporaryFolder.contents(of: "\(path)/\(name)") ?? []) != nil
        }
    }

    private static func walk(_ root: String, _ below: String, _ visit: (String, _ isFolder: Bool) -> Void) {
        let path = below.isEmpty ? root : root + "/" + below
        guard let stream = opendir(path) else { return }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard name != ".", name != ".." else { continue }
            let inner = below.isEmpty ? name : below + "/" + name
            guard let facts = FileFacts("\(root)/\(inner)", followingLinks: false) else { continue }
            let isFolder = facts.kind == .folder
            visit(inner, isFolder)
            if isFolder { walk(root, inner, visit) }
        }
    }
}
