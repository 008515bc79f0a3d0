// SPDX-License-Identifier: Apache-2.0
package import Connectors

/// The flows that stand ready: one folder each, those that came with Headgate and those of the home directory.
///
/// The folders are the list. One that cannot be used stays on the shelf with what is wrong with it.
package struct FlowShelf: Sendable {
    /// One flow.
    package struct Item: Sendable {
        /// Its id, which is its folder's name.
        package let id: String
        /// Its folder.
        package let folder: String
        /// Whether it came with Headgate.
        package let isShipped: Bool
        /// `nil` where it cannot be used.
        package let flow: Flow?
        /// The SHA-256 of its folder, for one of the home's that could be read.
        package let digest: String?
        /// Whether it may be used: it acts in a person's name, so that one of the home's must be agreed to.
        package fileprivate(set) var trust: Shelf.Trust
        /// What is wrong with it.
        package let findings: [Finding]
        fileprivate let files: ShelvedFiles?
    }

    /// The flows by id, in order, those of the home after those that came with Headgate.
    package let items: [Item]

    /// Reads every folder of `folder` and, after them, of `home`; the latter are untrusted.
    ///
    /// A home folder that reuses a shipped id is kept apart with a finding; the shipped one runs. `shelf` holds the
    /// connectors that flows are for, and parts of flows may stand under `common/` beside the shipped ones.
    package init(_ folder: String, home: String? = nil, shelf: Shelf) throws(WizardFailure) {
        guard let names = Folder.folders(in: folder) else {
            throw .flow(
                "The folder of flows was not found at \(folder). Install Headgate with `make install`."
            )
        }
        let shipped = names.map { Item(folder + "/" + $0, id: $0, isShipped: true, taken: [], shelf) }
        let own = home.map { home in
            (Folder.folders(in: home) ?? []).map { name in
                Item(home + "/" + name, id: name, isShipped: false, taken: Set(names), shelf)
            }
        }
        items = shipped + (own ?? [])
    }

    private init(_ items: [Item]) { self.items = items }

    /// The same shelf with the home's flows trusted whose folders have the SHA-256 that a person agreed to.
    package func trusting(_ digests: [String: String]) -> FlowShelf {
        FlowShelf(
            items.map { item in
                var item = item
                if !item.isShipped { item.trust = Shelf.Trust(of: item.digest, agreed: digests[item.id]) }
                return item
            }
        )
    }

    /// The flow of that id with everything known of it, the shipped one where two have it.
    package func item(_ id: String) throws(WizardFailure) -> Item {
        guard let item = items.first(where: { $0.id == id }) else {
            throw .flow("There is no flow \"\(id)\"; there are \(items.map(\.id).joined(separator: ", ")).")
        }
        return item
    }

    /// The flow of that id, if it may be used: one of the home's must be trusted as it is.
    package func flow(_ id: String) throws(WizardFailure) -> Flow { try item(id).usable() }

    /// The text `name` that lies beside the flow `id`.
    package func text(_ id: String, _ name: String) throws(WizardFailure) -> String {
        guard let text = try item(id).text(name) else {
            throw .flow("The flow \"\(id)\" has no text \"\(name)\" beside it.")
        }
        return String(decoding: text, as: UTF8.self)
    }
}

extension FlowShelf.Item {
    /// The flow as it was read, whether or not anybody agreed to it.
    package func readable() throws(WizardFailure) -> Flow {
        if let flow { return flow }
        throw .flow("The flow \"\(id)\" does not read: \(findings.first?.description ?? "nobody knows why")")
    }

    /// The flow, if it may be used.
    func usable() throws(WizardFailure) -> Flow {
        let flow = try readable()
        if let refusal { throw refusal }
        return flow
    }

    /// Why it may not be used although it reads; `nil` where it may.
    var refusal: WizardFailure? {
        switch trust {
        case .shipped, .trusted: nil
        case .untrusted: .untrusted(id: id, hasChanged: false)
        case .changed: .untrusted(id: id, hasChanged: true)
        }
    }

    fileprivate func text(_ name: String) -> [UInt8]? { files.flatMap { try? $0.bytes(name) } }

    init(_ folder: String, id: String, isShipped: Bool, taken: Set<String>, _ shelf: Shelf) {
        let file = id + "/flow.json"
        var (flow, findings): (Flow?, [Finding]) = (nil, [])
        var files: ShelvedFiles?
        do {
            let opened = try ShelvedFiles(folder, isShipped: isShipped)
            files = opened
            (flow, findings) = Flow.read(
                try opened.bytes("flow.json"),
                file: file,
                including: opened.parts(shipped: shelf.shipped),
                shelf: shelf
            )
            for text in flow?.steps.flatMap(\.files).map(\.from) ?? []
            where (try? opened.bytes(text)) == nil {
                findings.append(
                    Finding(
                        aboutFile: file,
                        .file,
                        "The text \"\(text)\" is not there.",
                        fix: "Put it beside the flow."
                    )
                )
            }
        } catch {
            findings = [
                Finding(aboutFile: file, .file, "\(error)", fix: "Every flow's folder holds a flow.json.")
            ]
        }
        if let flow, flow.id != id {
            findings.append(
                Finding(
                    aboutFile: file,
                    .reference,
                    "The flow calls itself \"\(flow.id)\" and stands in the folder \"\(id)\".",
                    fix: "Give both one name."
                )
            )
        }
        if taken.contains(id) {
            findings.append(
                Finding(
                    aboutFile: file,
                    .reference,
                    "The id \"\(id)\" is a shipped flow's; the shipped one runs.",
                    fix: "Give your own flow another id."
                )
            )
        }
        self.id = id
        self.folder = folder
        self.isShipped = isShipped
        self.flow = findings.isEmpty ? flow : nil
        digest = files?.digest
        trust = isShipped ? .shipped : .untrusted
        self.findings = findings
        self.files = files
    }
}
