// SPDX-License-Identifier: Apache-2.0

/// Where a page of a list stands: what has to be asked to get it.
package enum PagePlace: Sendable, Hashable {
    /// The list's beginning.
    case first
    /// A whole address that the source handed out.
    case link(String)
    /// A token that the source handed out.
    case token(String)
    /// A page's number, or a count of elements to pass over.
    case number(Int)

    /// The place in one line, for a cursor of the ledger.
    package var text: String {
        switch self {
        case .first: "first"
        case .link(let url): "link " + url
        case .token(let token): "token " + token
        case .number(let number): "number \(number)"
        }
    }

    /// Reads what ``text`` wrote; `nil` for anything else.
    package init?(text: String) {
        if text == "first" {
            self = .first
            return
        }
        let words = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        guard words.count == 2 else { return nil }
        switch words[0] {
        case "link": self = .link(String(words[1]))
        case "token": self = .token(String(words[1]))
        case "number":
            guard let number = Int(words[1]) else { return nil }
            self = .number(number)
        default: return nil
        }
    }
}
