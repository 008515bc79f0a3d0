// SPDX-License-Identifier: Apache-2.0
import Basics
import Glibc

/// The few file calls the store is made of, with errors that name the file.
enum Files {
    static func size(_ path: String) -> Int64? { FileFacts(path)?.size }

    /// Makes a folder that only its owner may enter; one that is there stays as it is.
    static func makeFolder(_ path: String, parents: Bool = false) throws(StoreFailure) {
        if mkdir(path, 0o700) == 0 {
            // The mask may have taken bits away, never added any.
            chmod(path, 0o700)
            return
        }
        let code = errno
        if code == EEXIST { return }
        if code == ENOENT, parents, let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            try makeFolder(String(path[..<slash]), parents: true)
            return try makeFolder(path)
        }
        throw .file(path: path, operation: "made", code: code)
    }

    /// Opens `path` and hands the descriptor on; the caller closes it.
    static func open(_ path: String, _ flags: Int32, mode: mode_t = 0o600) throws(StoreFailure) -> Int32 {
        while true {
            let file = Glibc.open(path, flags | O_CLOEXEC, mode)
            if file >= 0 { return file }
            guard errno == EINTR else { throw .file(path: path, operation: "opened", code: errno) }
        }
    }

    /// Syncs a folder, so that names made in it survive a power cut.
    static func syncFolder(_ path: String) throws(StoreFailure) {
        let folder = try open(path, O_RDONLY | O_DIRECTORY)
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw .file(path: path, operation: "synced", code: errno) }
    }

    /// Writes all of `bytes` at `offset`.
    static func write(_ bytes: UnsafeRawBufferPointer, to file: Int32, at offset: Int64) -> Int32 {
        var done = 0
        while done < bytes.count {
            let count = pwrite(
                file,
                bytes.baseAddress?.advanced(by: done),
                bytes.count - done,
                off_t(offset) + done
            )
            if count < 0 {
                if errno == EINTR { continue }
                return errno
            }
            done += count
        }
        return 0
    }

    /// The whole file; `nil` where there is none.
    static func read(_ path: String) throws(StoreFailure) -> [UInt8]? {
        let file = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw .file(path: path, operation: "read", code: errno)
        }
        defer { close(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(file, &chunk, chunk.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw .file(path: path, operation: "read", code: errno)
            }
            if count == 0 { return bytes }
            bytes += chunk[..<count]
        }
    }

    /// Replaces the file by `bytes` so that at any instant either the old or the new one is there, whole and synced.
    static func replace(_ path: String, with bytes: [UInt8]) throws(StoreFailure) {
        let draft = path + ".new"
        let file = try open(draft, O_WRONLY | O_CREAT | O_TRUNC)
        defer { close(file) }
        let code = bytes.withUnsafeBytes { write($0, to: file, at: 0) }
        guard code == 0 else {
            unlink(draft)
            throw .file(path: path, operation: "written", code: code)
        }
        guard fchmod(file, 0o600) == 0, fsync(file) == 0, rename(draft, path) == 0 else {
            throw .file(path: path, operation: "replaced", code: errno)
        }
        try syncFolder(folder(of: path))
    }

    /// Removes a file; one that is not there is no error.
    static func remove(_ path: String) { unlink(path) }

    /// Gives a finished file its name, both synced.
    static func settle(_ draft: String, as path: String) throws(StoreFailure) {
        let file = try open(draft, O_RDWR)
        defer { close(file) }
        guard fsync(file) == 0, rename(draft, path) == 0 else {
            throw .file(path: path, operation: "replaced", code: errno)
        }
        try syncFolder(folder(of: path))
    }

    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
        return String(path[..<slash])
    }

    /// The names in a folder, sorted; none where there is no folder.
    static func names(in path: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}
