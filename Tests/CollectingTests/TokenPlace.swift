// SPDX-License-Identifier: Apache-2.0
import HTTPClient
import JSON

/// Where a made-up source takes the token of a page.
enum TokenPlace: String, CaseIterable {
    case query, header, body

    /// Paging by tokens that come in a header.
    func paging(end: String = "noLink") -> String {
        let target =
            switch self {
            case .query: #""query": "after""#
            case .header: #""header": "X-After""#
            case .body: #""body": "/page/after""#
            }
        return #"{"kind": "token", "from": {"header": "X-Next"}, "to": {\#(target)}, "#
            + #""addQuery": {"tenant": "t"}, "end": "\#(end)"}"#
    }

    /// What of the list's request makes room for it.
    var request: String {
        self == .body ? #""method": "POST", "json": {"page": {"size": 2, "after": null}}, "# : ""
    }

    /// The token that a request brought.
    func token(in asked: Asked) -> String? {
        switch self {
        case .query: asked.query["after"]
        case .header: asked.headers.first { $0.name == "X-After" }?.value
        case .body:
            (try? Value(parsing: asked.body))?["page"].flatMap { page in
                page["size"]?.int64 == 2 ? page["after"]?.stringValue : "no room"
            }
        }
    }
}
