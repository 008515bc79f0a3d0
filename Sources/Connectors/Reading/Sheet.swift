// SPDX-License-Identifier: Apache-2.0
import JSON

/// The document being read and everything found wrong with it so far.
///
/// Reading never stops at the first problem: a part that cannot be read is left out and noted, so that one run of lint
/// shows everything.
final class Sheet {
    /// The most findings that are kept; finding each one's line takes a walk through the file.
    private static let most = 500

    let file: String
    private let document: Document?
    private(set) var findings: [Finding] = []
    private var seen: Set<Finding> = []

    /// What expressions may name, filled in as the document is read.
    var credentials: Set<String> = []
    var secrets: Set<String> = []
    var clouds: Set<String> = Cloud.services

    init(file: String, document: Document?) {
        self.file = file
        self.document = document
    }

    /// Notes a problem once; streams that take after another would repeat it.
    func note(_ rule: Finding.Rule, _ at: Pointer, _ message: String, fix: String) {
        guard findings.count < Self.most else { return }
        let place = place(of: at)
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

    /// The position of a value, or of the nearest value around it that exists.
    private func place(of pointer: Pointer) -> (line: Int, column: Int) {
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
