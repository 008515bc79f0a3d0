// SPDX-License-Identifier: Apache-2.0

/// The folder of a definition or a flow, read in the way that its origin asks for.
///
/// What came with Headgate is read file by file, when it is asked for. A folder of the home's is read whole and once, so
/// that the bytes a person agreed to are the bytes that are used.
package struct ShelvedFiles: Sendable {
    private let folder: String
    private let snapshot: Snapshot?

    /// Opens `folder`; one of the home's with a link in it, or one that is too large, is refused.
    package init(_ folder: String, isShipped: Bool) throws(ConnectorFailure) {
        self.folder = folder
        snapshot = isShipped ? nil : try Snapshot(of: folder)
    }

    /// The SHA-256 of the folder; `nil` for one that came with Headgate.
    package var digest: String? { snapshot?.digest }

    /// The bytes of the file at `path` below the folder.
    package func bytes(_ path: String) throws(ConnectorFailure) -> [UInt8] {
        guard let snapshot else { return try Folder.read(folder + "/" + path) }
        guard let bytes = snapshot.bytes(path) else {
            throw .unreadable(file: folder + "/" + path, why: "there is no such file")
        }
        return bytes
    }

    /// What may be taken into it: its own files, and the shared ones among the connectors in `shipped`.
    package func parts(shipped: String?) -> IncludedFiles {
        IncludedFiles(own: folder, read: snapshot, shipped: shipped)
    }
}
