// SPDX-License-Identifier: Apache-2.0
import Connectors
import Glibc

/// Connectors' folders as lint and rehearsal look at them.
enum Inspections {
    /// One folder, looked at whole.
    struct Inspected {
        let id: String
        let inspection: Shelf.Inspection
        /// Everything wrong with it, the shelf's own objections included.
        let findings: [Finding]
    }

    /// The connectors that `words` name by id or by folder; all of them where it names none.
    static func of(_ words: [String], in place: Place) throws -> [Inspected] {
        let shelf = try place.shelf()
        let items = shelf.items
        let shipped = Set(items.filter(\.isShipped).map(\.id))
        let known = items.compactMap(\.definition)
        func inspect(_ folder: String, isShipped: Bool) -> Inspected {
            let inspection = Shelf.inspect(
                folder: folder,
                isShipped: isShipped,
                taken: isShipped ? [] : shipped,
                beside: known,
                shipped: shelf.shipped
            )
            let id = folder.split(separator: "/").last.map(String.init) ?? folder
            return Inspected(id: id, inspection: inspection, findings: inspection.findings)
        }
        if words.isEmpty { return items.map { inspect($0.folder, isShipped: $0.isShipped) } }
        return try words.map { word in
            if let item = items.first(where: { $0.id == word }) {
                return inspect(item.folder, isShipped: item.isShipped)
            }
            guard let folder = realpath(word, nil) else {
                throw shelf.absence(of: word)
            }
            defer { free(folder) }
            let path = String(cString: folder)
            let isShipped = items.contains { $0.isShipped && $0.folder == path }
            return inspect(path, isShipped: isShipped)
        }
    }
}
