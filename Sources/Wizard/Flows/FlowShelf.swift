// SPDX-License-Identifier: Apache-2.0
package import Connectors
import Glibc

/// The flows that came with Headgate: one folder each, the folder being the list.
package struct FlowShelf: Sendable {
    /// One flow, with what is wrong with it.
    package struct Item: Sendable {
        /// Its id, which is its folder's name.
        package let id: String
        package let folder: String
        /// `nil` where it cannot be used.
        package let flow: Flow?
        package let findings: [Finding]
    }

    /// The flows by id, in order.
    package let items: [Item]

    /// Reads every folder of `folder`; parts of flows may stand under `common/` of the connectors' folder.
    package init(_ folder: String, shelf: Shelf) throws(WizardFailure) {
        guard let names = Self.folders(in: folder) else {
            throw .flow(
                "The folder of flows was not found at \(folder). Install Headgate with `make install`."
            )
        }
        items = names.map { Self.item($0, folder + "/" + $0, shelf) }
    }

    /// The flow for setting up these connectors: their own, else the general one.
    ///
    /// Without any, it is the one that is usual. Throws where the connectors have no flow in common.
    package func flow(for purpose: Flow.Purpose, _ connectors: [String]) throws(WizardFailure) -> Flow {
        let flows = try usable().filter { $0.purpose == purpose }
        if connectors.isEmpty {
            guard let usual = flows.first(where: { !$0.members.isEmpty }) ?? flows.first else {
                throw .flow("There is no flow for \(purpose.rawValue).")
            }
            return usual
        }
        let own = flows.filter { flow in
            !flow.members.isEmpty && connectors.allSatisfy { id in flow.members.contains { $0.id == id } }
        }
        if let flow = own.first { return flow }
        guard connectors.count == 1, let general = flows.first(where: \.members.isEmpty) else {
            throw .flow(
                "\(connectors.joined(separator: ", ")) are not set up in one go: onboard them one after the other."
            )
        }
        return general
    }

    /// The flow of that id.
    package func flow(_ id: String) throws(WizardFailure) -> Flow {
        guard let flow = try usable().first(where: { $0.id == id }) else {
            throw .flow("There is no flow \"\(id)\"; there are \(items.map(\.id).joined(separator: ", ")).")
        }
        return flow
    }

    /// The text `name` that lies beside the flow `id`.
    package func text(_ id: String, _ name: String) throws(WizardFailure) -> String {
        guard let item = items.first(where: { $0.id == id }),
            let text = Self.contents(item.folder + "/" + name)
        else {
            throw .flow("The flow \"\(id)\" has no text \"\(name)\" beside it.")
        }
        return String(decoding: text, as: UTF8.self)
    }

    private func usable() throws(WizardFailure) -> [Flow] {
        for item in items {
            guard let finding = item.findings.first else { continue }
            throw .flow("The flow \"\(item.id)\" does not read: \(finding.description)")
        }
        return items.compactMap(\.flow)
    }

    private static func item(_ id: String, _ folder: String, _ shelf: Shelf) -> Item {
        let file = id + "/flow.json"
        guard let bytes = contents(folder + "/flow.json") else {
            return Item(
                id: id,
                folder: folder,
                flow: nil,
                findings: [
                    Finding(
                        aboutFile: file,
                        .file,
                        "There is no flow.json.",
                        fix: "Every flow's folder holds one."
                    )
                ]
            )
        }
        var (flow, findings) = Flow.read(
            bytes,
            file: file,
            including: IncludedFiles(own: folder, shipped: shelf.shipped),
            shelf: shelf
        )
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
        for text in flow?.steps.flatMap(\.files).map(\.from) ?? [] where contents(folder + "/" + text) == nil
        {
            findings.append(
                Finding(
                    aboutFile: file,
                    .file,
                    "The text \"\(text)\" is not there.",
                    fix: "Put it beside the flow."
                )
            )
        }
        if !findings.isEmpty { flow = nil }
        return Item(id: id, folder: folder, flow: flow, findings: findings)
    }

    // MARK: files

    private static func folders(in folder: String) -> [String]? {
        guard let stream = opendir(folder) else { return nil }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix("."), access(folder + "/" + name + "/flow.json", F_OK) == 0 {
                names.append(name)
            }
        }
        return names.sorted()
    }

    private static func contents(_ path: String) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while all.count <= 4 << 20 {
            let count = read(file, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return count == 0 ? all : nil }
            all += buffer[..<count]
        }
        return nil
    }
}
