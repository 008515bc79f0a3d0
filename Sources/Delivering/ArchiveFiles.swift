// SPDX-License-Identifier: Apache-2.0
import Basics
import Glibc
import Store

/// The files that one commit of the archive touches, few of them open at a time.
final class ArchiveFiles {
    /// So few files are synced one by one, which does not make us wait for what others write to the same disk.
    private static let few = 8
    private static let mostOpen = 256

    private let folder: String
    private let rewrites: Bool
    /// Opened before anything is written, so that a sync of the whole file system tells every failure since.
    private let root: Int32
    private let device: UInt64
    private var files: [String: ArchiveFile] = [:]
    /// The open ones, the longest open first.
    private var open: [String] = []
    /// Folders in which a name was made.
    private var changedFolders: Set<String> = []
    private let scratch: UnsafeMutableRawBufferPointer

    /// Starts with no files; `rewrites` trusts no byte that the ledger does not vouch for.
    init(folder: String, rewrites: Bool) throws {
        self.folder = folder
        self.rewrites = rewrites
        root = try Self.open(folder, O_RDONLY | O_DIRECTORY)
        device = FileFacts(descriptor: root)?.device ?? 0
        scratch = .allocate(byteCount: 1 << 17, alignment: 16)
    }

    deinit {
        for name in open { close(name) }
        Glibc.close(root)
        scratch.deallocate()
    }

    /// The files touched since the last commit, with the lengths to record.
    var lengths: [String: Int64] { files.mapValues(\.length) }
    /// How many were touched.
    var count: Int { files.count }

    /// Whether `path` has been touched already, so that its recorded length is of no interest any more.
    func holds(_ path: String) -> Bool { files[path] != nil }

    /// Takes up the file at `path`, which the ledger says holds `recorded` bytes.
    func take(_ path: String, recorded: Int64) throws {
        let descriptor = try make(path, mayMake: recorded == 0)
        guard let facts = FileFacts(descriptor: descriptor) else {
            Glibc.close(descriptor)
            throw DeliveryFailure.of(path, "looked at", errno)
        }
        guard facts.size >= recorded else {
            Glibc.close(descriptor)
            throw OddFile(path: path)
        }
        files[path] = ArchiveFile(
            path: path,
            length: recorded,
            standing: facts.size,
            descriptor: descriptor,
            isElsewhere: facts.device != device
        )
        noteOpen(path)
    }

    /// Puts `bytes` at the end of the file at `path`, which was taken up before.
    func put(_ bytes: UnsafeRawBufferPointer, into path: String) throws {
        _ = try descriptor(path)
        try files[path]?.put(bytes, rewrites: rewrites, scratch)
    }

    /// Brings everything that was written to disk.
    func sync() throws {
        let many = files.count > Self.few
        for (path, file) in files where !many || file.isElsewhere {
            guard fsync(try descriptor(path)) == 0 else { throw DeliveryFailure.of(path, "synced", errno) }
        }
        if many {
            let code = FileSystemSync.sync(root)
            guard code == 0 else { throw DeliveryFailure.of(folder, "synced", code) }
        }
        // The whole file system's sync has brought the names too, but for those on another one.
        guard !many || files.values.contains(where: \.isElsewhere) else { return }
        for changed in changedFolders {
            let descriptor = try Self.open(changed, O_RDONLY | O_DIRECTORY)
            defer { Glibc.close(descriptor) }
            guard fsync(descriptor) == 0 else { throw DeliveryFailure.of(changed, "synced", errno) }
        }
    }

    // MARK: open files

    private func descriptor(_ path: String) throws -> Int32 {
        if let descriptor = files[path]?.descriptor { return descriptor }
        let descriptor = try make(path, mayMake: false)
        files[path]?.descriptor = descriptor
        noteOpen(path)
        return descriptor
    }

    private func noteOpen(_ path: String) {
        open.append(path)
        if open.count > Self.mostOpen { close(open.removeFirst()) }
    }

    private func close(_ path: String) {
        guard let descriptor = files[path]?.descriptor else { return }
        Glibc.close(descriptor)
        files[path]?.descriptor = nil
    }

    /// Opens the file, with its folders where it may be made.
    private func make(_ path: String, mayMake: Bool) throws -> Int32 {
        let whole = folder + "/" + path
        let found = Glibc.open(whole, O_RDWR | O_CLOEXEC)
        if found >= 0 { return found }
        guard errno == ENOENT else { throw DeliveryFailure.of(whole, "opened", errno) }
        guard mayMake else { throw OddFile(path: path) }
        var place = folder
        for part in path.split(separator: "/").dropLast() {
            let inner = place + "/" + part
            if mkdir(inner, 0o700) == 0 {
                changedFolders.insert(place)
            } else if errno != EEXIST {
                throw DeliveryFailure.of(inner, "made", errno)
            }
            place = inner
        }
        changedFolders.insert(place)
        return try Self.open(whole, O_RDWR | O_CREAT | O_EXCL)
    }

    private static func open(_ path: String, _ flags: Int32) throws -> Int32 {
        while true {
            let descriptor = Glibc.open(path, flags | O_CLOEXEC, 0o600)
            if descriptor >= 0 { return descriptor }
            guard errno == EINTR else { throw DeliveryFailure.of(path, "opened", errno) }
        }
    }
}
