// SPDX-License-Identifier: Apache-2.0

/// What Headgate is held against: curl that only downloads the same blobs into files.
struct Reference {
    private let lab: Lab
    /// curl's file of addresses and targets.
    let urls: String
    private let folder: String
    /// The files that it writes.
    private let files: [String]
    /// What the blobs hold together.
    let bytes: Int

    /// Takes every blob that the lab serves from disk.
    init(_ lab: Lab) throws {
        guard let blobs = lab.blobs else { throw BenchFailure("these blobs are not served from disk") }
        self.lab = lab
        folder = lab.folder + "/downloads"
        urls = lab.folder + "/urls"
        let names = Files.below(blobs)
        bytes = Files.size(below: blobs)
        files = names.indices.map { [folder] in folder + "/\($0)" }
        let entries = zip(names, files).map { "url = \"\(lab.base)/\($0)\"\noutput = \"\($1)\"\n" }
        try Files.write(entries.joined(), to: urls)
    }

    /// How many blobs there are.
    var count: Int { files.count }

    /// What syncing does after the download.
    enum Sync {
        /// The whole file system at once: one wait for everything, the cheaper way.
        case fileSystem
        /// One file after the other.
        case files
    }

    /// Downloads, then syncs; checks that everything came.
    func run(_ sync: Sync = .fileSystem) async throws -> (download: Sample, sync: Sample) {
        Files.remove(folder)
        try Files.makeFolder(folder)
        defer { Files.remove(folder) }
        try await lab.settle()
        let curl = [
            "curl", "--parallel", "--parallel-max", "32", "--http2", "--silent", "--show-error", "--fail",
            "--cacert", lab.certificate.file, "--config", urls,
        ]
        let download = try await Stopwatch.measure(curl, folder: lab.folder)
        let syncing = sync == .files ? ["sync"] + files : ["sync", "-f", folder]
        let sync = try await Stopwatch.measure(syncing, folder: lab.folder)
        let size = Files.size(below: folder)
        guard size == bytes else { throw BenchFailure("curl downloaded \(size) of \(bytes) bytes") }
        return (download, sync)
    }
}
