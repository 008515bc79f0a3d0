// SPDX-License-Identifier: Apache-2.0
import Basics

/// The files that a definition may take parts from: those of its own folder, and the shipped ones under `common/`.
package struct IncludedFiles: Sendable {
    /// The folder of shared parts among the shipped connectors, which is no connector itself.
    package static let common = "common"
    /// No file at all.
    package static let none = IncludedFiles(own: nil, shipped: nil)

    static let advice =
        "Name a .json file of the connector's own folder, or one that is shipped under common/."

    private let own: String?
    /// The own folder as it was read once, where only what was trusted may be used.
    private let snapshot: Snapshot?
    private let shipped: String?

    /// Opens the connector's folder `own` and, under `common/`, the folder `shipped` of shipped connectors.
    package init(own: String?, shipped: String?) {
        self.init(own: own, read: nil, shipped: shipped)
    }

    /// The same, with the files of the own folder as `snapshot` has read them.
    init(own: String?, read snapshot: Snapshot?, shipped: String?) {
        self.own = own
        self.snapshot = snapshot
        self.shipped = shipped
    }

    /// Where the file `path` stands; `nil` where no file of that name may be read.
    ///
    /// Plain names with slashes between them: nothing climbs out, and nothing hidden is read.
    package func location(_ path: String) -> String? {
        let names = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard path.hasSuffix(".json"), names.allSatisfy(Identifier.isName) else { return nil }
        return (names.first == Self.common ? shipped : own).map { $0 + "/" + path }
    }

    /// The file's name as findings show it, beside the connector's own.
    func shownName(_ path: String) -> String {
        if path.hasPrefix(Self.common + "/") { return path }
        return (own?.split(separator: "/").last.map { $0 + "/" } ?? "") + path
    }

    /// A folder of tests and its name in findings.
    struct Tests: Hashable {
        let path: String
        let shown: String
    }

    /// The folder of the tests that stand beside the file `path`.
    func tests(beside path: String) -> Tests? {
        func folder(_ file: String) -> String {
            file.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        }
        return location(path).map {
            Tests(path: folder($0) + "/tests", shown: folder(shownName(path)) + "/tests")
        }
    }

    /// Why a file was not taken in, as the end of a sentence.
    struct Refusal: Error {
        let why: String
    }

    func read(_ path: String) throws(Refusal) -> [UInt8] {
        guard let location = location(path) else {
            throw Refusal(why: "a definition may read no file of that name")
        }
        if let snapshot, !path.hasPrefix(Self.common + "/") {
            guard let bytes = snapshot.bytes(path) else { throw Refusal(why: "there is no such file") }
            return bytes
        }
        // A link would let a definition read what it did not declare.
        var reached = String(location.dropLast(path.count + 1))
        for name in path.split(separator: "/") {
            reached += "/" + name
            guard let facts = FileFacts(reached, followingLinks: false) else {
                throw Refusal(why: "there is no such file")
            }
            guard facts.kind != .other else { throw Refusal(why: "it is a link") }
        }
        do { return try Folder.read(location) } catch { throw Refusal(why: "it could not be read") }
    }
}
