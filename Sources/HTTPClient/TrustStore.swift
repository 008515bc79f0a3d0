// SPDX-License-Identifier: Apache-2.0
import CCurl
import Glibc

/// Which certificate authorities are trusted: the system's, and those of one file beside them.
struct TrustStore: Sendable {
    private let file: String?
    private let folder: String?

    /// The folder of the system's own authorities, where it has hashed names.
    var systemFolder: String? { folder }

    /// Looks once at what the system has.
    ///
    /// A folder of hashed names is read only as far as a chain needs it, where a bundle costs its hundred and more
    /// certificates for every connection; so the folder is preferred. With a private file the folder also keeps the
    /// system's own authorities, which a file alone would replace.
    init(caFile: String?) {
        let system = "/etc/ssl/certs"
        folder = Self.isHashed(system) ? system : nil
        file = caFile
    }

    func apply(to easy: EasyHandle) {
        if file != nil || folder != nil { easy.set(CURLOPT_CAINFO, file) }
        if let folder { easy.set(CURLOPT_CAPATH, folder) }
    }

    /// Whether `path` holds names like `1a2b3c4d.0`.
    private static func isHashed(_ path: String) -> Bool {
        guard let folder = opendir(path) else { return false }
        defer { closedir(folder) }
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.utf8.count == 10, name.hasSuffix(".0"), UInt32(name.prefix(8), radix: 16) != nil {
                return true
            }
        }
        return false
    }
}
