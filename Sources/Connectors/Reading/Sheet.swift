// SPDX-License-Identifier: Apache-2.0
package import JSON

/// The document being read and everything found wrong with it so far.
///
/// Reading never stops at the first problem: a part that cannot be read is left out and noted, so that one run of lint
/// shows everything.
package final class Sheet {
    /// The most findings that are kept; finding each one's line takes a walk through the file.
    private static let most = 500

    /// The file that is read, as findings name it.
    package let file: String
    private let document: Document?
    /// Everything found wrong so far.
    package private(set) var findings: [Finding] = []
    private var seen: Set<Finding> = []
    /// Where parts really stand that were taken from another file, or moved to make room for them.
    private var origins: [Pointer: Origin] = [:]

    private struct Origin {
        let file: String
        let document: Document?
        let place: Pointer
    }

    /// What expressions may name, filled in as the document is read.
    package var credentials: Set<String> = []
    /// The secret fields among them.
    package var secrets: Set<String> = []
    /// The services that a cloud may have.
    package var clouds: Set<String> = Cloud.services

    /// Reads `document`, which tells at which line a finding stands.
    package init(file: String, document: Document?) {
        self.file = file
        self.document = document
    }

    /// Says that what the whole definition has at `at` stands at `place` of another file, or of this one.
    func moved(_ at: Pointer, to place: Pointer, of file: String? = nil, _ document: Document? = nil) {
        origins[at] = Origin(file: file ?? self.file, document: document ?? self.document, place: place)
    }

    /// Notes a problem once; streams that take after another would repeat it.
    package func note(_ rule: Finding.Rule, _ at: Pointer, _ message: String, fix: String) {
        let (origin, pointer) = origin(of: at)
        put(rule, pointer, in: origin.file, origin.document, message, fix)
    }

    /// Notes a problem at `place` of the definition's own file, before anything was taken in.
    func noteHere(_ rule: Finding.Rule, _ place: Pointer, _ message: String, fix: String) {
        put(rule, place, in: file, document, message, fix)
    }

    /// Notes that the file is no JSON.
    package func noteUnparsable(_ error: Malformed) {
        let finding = Finding(
            file: file,
            pointer: .root,
            line: error.position.line,
            column: error.position.column,
            rule: .json,
            message: "The file is no JSON: \(error.description).",
            fix: "Definitions are strict JSON: no comments, no trailing commas, no key twice."
        )
        if seen.insert(finding).inserted { findings.append(finding) }
    }

    private func put(
        _ rule: Finding.Rule,
        _ at: Pointer,
        in file: String,
        _ document: Document?,
        _ message: String,
        _ fix: String
    ) {
        guard findings.count < Self.most else { return }
        let place = Self.position(of: at, in: document)
        let finding = Finding(
            file: file,
            pointer: at,
            line: place.line,
            column: place.column,
            rule: rule,
            message: message,
            fix: fix
        )
        if seen.insert(finding).inserted { findings.append(finding) }
    }

    /// Where what the whole definition has at `pointer` really stands.
    private func origin(of pointer: Pointer) -> (Origin, Pointer) {
        var count = origins.isEmpty ? 0 : pointer.tokens.count
        while count > 0 {
            if let origin = origins[Pointer(tokens: Array(pointer.tokens.prefix(count)))] {
                return (origin, Pointer(tokens: origin.place.tokens + pointer.tokens.dropFirst(count)))
            }
            count -= 1
        }
        return (Origin(file: file, document: document, place: .root), pointer)
    }

    /// The position of a value, or of the nearest value around it that exists.
    private static func position(of pointer: Pointer, in document: Document?) -> (line: Int, column: Int) {
        var tokens = pointer.tokens
        while true {
            if let position = document?.position(of: Pointer(tokens: tokens)) {
                return (position.line, position.column)
            }
            if tokens.isEmpty { return (1, 1) }
            tokens.removeLast()
        }
    }
}
