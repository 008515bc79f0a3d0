// SPDX-License-Identifier: Apache-2.0

/// The connectors that stand ready: one folder each, those shipped and those of the home directory.
///
/// No list of connectors exists in code; the folders are the list. One that cannot be used stays on the shelf with
/// what is wrong with it, so that status and `connector list` can name it.
package struct Shelf: Sendable {
    /// Whether a person has agreed to what a connector does.
    package enum Trust: String, Sendable {
        /// It came with Headgate.
        case shipped
        /// A person has looked at exactly these bytes.
        case trusted
        /// Nobody has looked at it yet.
        case untrusted
        /// It is not what a person has looked at any more.
        case changed

        /// What a folder of the home's with this SHA-256 has, where a person agreed to one with `agreed`.
        package init(of digest: String?, agreed: String?) {
            self = agreed == nil ? .untrusted : agreed == digest ? .trusted : .changed
        }
    }

    /// One connector.
    package struct Item: Sendable {
        /// Its id, which is its folder's name.
        package let id: String
        /// Its folder.
        package let folder: String
        /// Whether it came with Headgate.
        package let isShipped: Bool
        /// Its definition, when it can be used.
        package let definition: Definition?
        /// The SHA-256 of its folder, for one of the home's that could be read.
        package let digest: String?
        /// Whether it may be used.
        package fileprivate(set) var trust: Trust
        /// What is wrong with it, tests aside.
        package let findings: [Finding]
    }

    /// The connectors by id, in order.
    package let items: [Item]
    /// The clouds that connections can be in.
    package let clouds: Clouds
    /// The folder of those that came with Headgate.
    package let shipped: String

    private let home: String?

    /// Reads every folder of `shipped` and, after them, of `home`; the latter are untrusted.
    ///
    /// `homeClouds` is the home directory's own clouds.json. A home folder that reuses a shipped id is kept apart with
    /// a finding; the shipped one runs.
    package init(shipped: String, home: String? = nil, homeClouds: String? = nil) throws(ConnectorFailure) {
        guard let names = Folder.folders(in: shipped) else {
            throw ConnectorFailure.unreadable(file: shipped, why: "there is no such folder")
        }
        let own = homeClouds.flatMap { Folder.hasFile($0) ? $0 : nil }
        var ownBytes: [UInt8]?
        if let own { ownBytes = try Folder.read(own) }
        clouds = try Clouds.read(shipped: try Folder.read(shipped + "/clouds.json"), home: ownBytes)
        self.home = home
        var items: [Item] = []
        for name in names where name != IncludedFiles.common {
            let folder = shipped + "/" + name
            items.append(Item(folder: folder, id: name, isShipped: true, taken: [], shipped: shipped))
        }
        self.shipped = shipped
        self.items = Self.withoutQuotaConflicts(items + Self.own(home, besides: items, in: shipped))
    }

    private init(_ items: [Item], _ other: Shelf) {
        self.items = items
        clouds = other.clouds
        home = other.home
        shipped = other.shipped
    }

    /// The home's connectors, beside those `shipped` that stand in `folder`.
    private static func own(_ home: String?, besides shipped: [Item], in folder: String) -> [Item] {
        guard let home else { return [] }
        let taken = Set(shipped.map(\.id))
        return (Folder.folders(in: home) ?? []).map { name in
            Item(folder: home + "/" + name, id: name, isShipped: false, taken: taken, shipped: folder)
        }
    }

    /// The same shelf with the home's connectors trusted whose folders have the SHA-256 that a person agreed to.
    package func trusting(_ digests: [String: String]) -> Shelf {
        let judged = items.map { item in
            var item = item
            guard !item.isShipped else { return item }
            item.trust = Trust(of: item.digest, agreed: digests[item.id])
            return item
        }
        return Shelf(judged, self)
    }

    /// Whether the home's folders are not what was read any more.
    package var isStale: Bool {
        let known = items.filter { !$0.isShipped }.map { ($0.id, $0.digest) }
        let present = home.map { home in
            (Folder.folders(in: home) ?? []).map { name in
                (name, (try? Snapshot(of: home + "/" + name))?.digest)
            }
        }
        return !known.elementsEqual(present ?? [], by: ==)
    }

    /// The same shelf with the home's connectors read anew; they are untrusted until told otherwise.
    package func reread() -> Shelf {
        let known = items.filter(\.isShipped)
        return Shelf(Self.withoutQuotaConflicts(known + Self.own(home, besides: known, in: shipped)), self)
    }

    /// Equal quota ids share one count, so two definitions must not give one id different numbers; the later yields.
    private static func withoutQuotaConflicts(_ items: [Item]) -> [Item] {
        var seen: [String: (quota: Quota, owner: String)] = [:]
        return items.map { item in
            for quota in item.definition?.quotas ?? [] {
                guard let first = seen[quota.id] else {
                    seen[quota.id] = (quota, item.id)
                    continue
                }
                guard first.quota != quota else { continue }
                return item.refused(Self.quotaConflict(quota, in: item.id, with: first.owner))
            }
            return item
        }
    }

    static func quotaConflict(_ quota: Quota, in id: String, with other: String) -> Finding {
        Finding(
            aboutFile: id + "/connector.json",
            .conflict,
            "The quota \"\(quota.id)\" has other numbers than in \"\(other)\", which shares its count.",
            fix: "Give both the same numbers, or name yours differently."
        )
    }

    /// The definition of that id, the shipped one where two have it.
    package func definition(_ id: String) throws(ConnectorFailure) -> Definition {
        guard let item = items.first(where: { $0.id == id }) else { throw absence(of: id) }
        if let definition = item.definition { return definition }
        guard let finding = item.findings.first else {
            throw ConnectorFailure.unknown(id: id, known: items.map(\.id))
        }
        throw ConnectorFailure.refused(finding, others: item.findings.count - 1)
    }

    /// Why there is no connector of that id: nobody knows it, or it is retired.
    package func absence(of id: String) -> ConnectorFailure {
        if let words = items.lazy.compactMap({ $0.definition?.retirement(ofConnector: id) }).first {
            return .retired(id: id, words: words)
        }
        return .unknown(id: id, known: items.map(\.id))
    }
}

extension Shelf {
    /// The definition of that id, if it may be used: one of the home's must be trusted as it is.
    package func usable(_ id: String) throws(ConnectorFailure) -> Definition {
        let definition = try definition(id)
        switch items.first(where: { $0.id == id })?.trust {
        case .shipped?, .trusted?, nil: return definition
        case .untrusted?: throw .untrusted(id: id, hasChanged: false)
        case .changed?: throw .untrusted(id: id, hasChanged: true)
        }
    }
}

extension Shelf.Item {
    fileprivate func refused(_ finding: Finding) -> Self {
        Self(
            id: id,
            folder: folder,
            isShipped: isShipped,
            definition: nil,
            digest: digest,
            trust: trust,
            findings: findings + [finding]
        )
    }

    init(folder: String, id: String, isShipped: Bool, taken: Set<String>, shipped: String?) {
        let file = id + "/connector.json"
        var (definition, findings): (Definition?, [Finding]) = (nil, [])
        var digest: String?
        do {
            let files = try ShelvedFiles(folder, isShipped: isShipped)
            digest = files.digest
            (definition, findings) = Definition.read(
                try files.bytes("connector.json"),
                file: file,
                including: files.parts(shipped: shipped)
            )
        } catch {
            findings = [
                Finding(
                    aboutFile: file,
                    .file,
                    "\(error)",
                    fix: "Every connector's folder holds a connector.json."
                )
            ]
        }
        if let definition, definition.id != id {
            findings.append(
                Finding(
                    aboutFile: file,
                    .reference,
                    "The definition calls itself \"\(definition.id)\" and stands in the folder \"\(id)\".",
                    fix: "Give both one name."
                )
            )
        }
        if taken.contains(id) {
            findings.append(
                Finding(
                    aboutFile: file,
                    .reference,
                    "The id \"\(id)\" is a shipped connector's; the shipped one runs.",
                    fix: "Give your own connector another id."
                )
            )
        }
        self.id = id
        self.folder = folder
        self.isShipped = isShipped
        self.definition = findings.isEmpty ? definition : nil
        self.digest = digest
        trust = isShipped ? .shipped : .untrusted
        self.findings = findings
    }
}
