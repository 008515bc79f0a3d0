// SPDX-License-Identifier: Apache-2.0
import JSON

extension Sheet {
    /// Opens a document that is written in parts of the connector language, such as a flow.
    ///
    /// What it takes from `files` is put in its place. There is no node where the file is no JSON; the sheet says why.
    package static func open(
        _ bytes: [UInt8],
        file: String,
        including files: IncludedFiles = .none
    ) -> (root: Node?, sheet: Sheet) {
        let document: Document
        do { document = try Document(parsing: bytes) } catch {
            let sheet = Sheet(file: file, document: nil)
            sheet.noteUnparsable(error)
            return (nil, sheet)
        }
        let sheet = Sheet(file: file, document: document)
        var inclusion = Inclusion(files, sheet)
        return (Node(value: inclusion.whole(document.root), at: .root, sheet: sheet), sheet)
    }
}
