// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Writes what a person asked to have in a file.
enum WriteFile {
    /// Replaces the file at `path`; it is readable by its owner only.
    static func text(_ text: String, to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw unwritable(path) }
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let failure = unwritable(path)
                close(descriptor)
                throw failure
            }
            rest = rest.dropFirst(count)
        }
        guard close(descriptor) == 0 else { throw unwritable(path) }
    }

    /// Puts a new file in the place of the one at `path`, so that no reader ever sees half of it.
    static func replacing(_ path: String, with text: String) throws {
        try self.text(text, to: path + ".new")
        guard rename(path + ".new", path) == 0 else { throw unwritable(path) }
    }

    /// Makes the folder at `path`, which must not be there yet, in one that is.
    static func make(folder path: String) throws {
        guard mkdir(path, 0o700) == 0 else {
            guard errno != EEXIST else {
                throw Stop(.refused, "\(path) is there already: nothing was changed; choose another name.")
            }
            throw unwritable(path)
        }
    }

    /// Takes a file away, where there is one.
    static func remove(file: String) { unlink(file) }

    /// Takes a folder away with everything in it; what cannot be removed stays.
    static func remove(folder: String) {
        if let stream = opendir(folder) {
            defer { closedir(stream) }
            while let entry = readdir(stream) {
                let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                }
                guard name != ".", name != ".." else { continue }
                let path = folder + "/" + name
                if entry.pointee.d_type == UInt8(DT_DIR) { remove(folder: path) } else { unlink(path) }
            }
        }
        rmdir(folder)
    }

    private static func unwritable(_ path: String) -> Stop {
        Stop(.refused, "\(path) could not be written: \(String(cString: strerror(errno))).")
    }
}
