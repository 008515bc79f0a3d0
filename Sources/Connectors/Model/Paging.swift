// SPDX-License-Identifier: Apache-2.0
package import JSON

/// How a list goes on after its first page.
package struct Paging: Sendable, Equatable {
    /// The ways there are.
    package enum Kind: Sendable, Equatable {
        /// One page is all there is.
        case none
        /// A whole address of the next page, in a header or in the body.
        case nextURL(Place)
        /// A `Link` header of that relation (RFC 8288).
        case linkHeader(rel: String)
        /// A token that goes into the next request.
        case token(Place, to: Target)
        /// A page number in a parameter.
        case page(parameter: String, first: Int)
        /// A count of elements to pass over in a parameter, up to the most that the source takes, if it names one.
        case offset(parameter: String, most: Int?)
        /// Links for the next page and for the next round, in the body.
        case delta(next: Pointer, delta: Pointer)
    }

    /// Where an answer holds something.
    package enum Place: Sendable, Equatable {
        /// In the header of that name, whatever its case.
        case header(String)
        /// In the body, at that place.
        case body(Pointer)
    }

    /// Where a request takes a token.
    package enum Target: Sendable, Equatable {
        /// In the parameter of that name of its query.
        case query(String)
        /// In the header of that name.
        case header(String)
        /// In its JSON body, as the member at that place.
        case body(Pointer)
    }

    /// What says that a page is the last.
    package enum End: String, Sendable, CaseIterable {
        case noLink, emptyPage
    }

    /// The way.
    package let kind: Kind
    /// Parameters that are put onto the next page's address where it lacks them.
    package let addQuery: [RequestTemplate.Item]
    /// What says that a page is the last.
    package let end: End
    /// The pages after which a window is split.
    package let maxPages: Int
    /// How many elements a page holds, where the request says so.
    package let size: Int?

    /// The parameter of the query into which a page's place goes, where it goes into one.
    package var parameter: String? {
        switch kind {
        case .token(_, .query(let parameter)), .page(let parameter, _), .offset(let parameter, _): parameter
        case .none, .nextURL, .linkHeader, .token, .delta: nil
        }
    }

    /// Where a page's token goes, where pages have tokens.
    package var target: Target? {
        guard case .token(_, let target) = kind else { return nil }
        return target
    }

    /// The number of the first page, where pages or elements are counted.
    package var firstNumber: Int? {
        switch kind {
        case .page(_, let first): first
        case .offset: 0
        case .none, .nextURL, .linkHeader, .token, .delta: nil
        }
    }
}

extension Paging {
    private enum Name: String, CaseIterable {
        case none, nextUrl, linkHeader, token, page, offset, delta
    }

    init(_ node: Node, _ scope: Scope) {
        var fields = Fields(node)
        switch fields.required("kind")?.choice(Name.self) ?? .none {
        case .none: kind = .none
        case .nextUrl: kind = .nextURL(fields.required("from").map { Place($0) } ?? .header(""))
        case .linkHeader: kind = .linkHeader(rel: fields.optionalText("rel") ?? "next")
        case .token:
            kind = .token(
                fields.required("from").map { Place($0) } ?? .header(""),
                to: fields.required("to").map { Target($0) } ?? .query("")
            )
        case .page:
            kind = .page(
                parameter: fields.text("parameter"),
                first: fields.required("first")?.whole(0...1) ?? 1
            )
        case .offset:
            kind = .offset(
                parameter: fields.text("parameter"),
                most: fields.optional("maxOffset")?.whole(1...1_000_000_000)
            )
        case .delta:
            kind = .delta(
                next: fields.required("next")?.pointer() ?? .root,
                delta: fields.required("delta")?.pointer() ?? .root
            )
        }
        addQuery = RequestTemplate.Item.list(&fields, "addQuery", scope)
        end = fields.optional("end")?.choice(End.self) ?? .noLink
        maxPages = fields.optional("maxPages")?.whole(1...100_000) ?? 1_000
        size = fields.optional("size")?.whole(1...100_000)
        fields.end()
        switch kind {
        case .page, .offset:
            if size == nil {
                node.note(.missingKey, "does not say how many elements a page holds.", fix: "Add \"size\".")
            }
        default: break
        }
    }
}

extension Paging.Place {
    init(_ node: Node) {
        var fields = Fields(node)
        let header = fields.optionalText("header")
        let body = fields.optional("body")?.pointer()
        fields.end()
        if (header == nil) == (body == nil) {
            node.note(.conflict, "must say either \"header\" or \"body\".", fix: "Give one of the two.")
        }
        self = body.map { .body($0) } ?? .header(header ?? "")
    }
}

extension Paging.Target {
    init(_ node: Node) {
        var fields = Fields(node)
        let query = fields.optional("query"), header = fields.optional("header"),
            body = fields.optional("body")
        fields.end()
        guard [query, header, body].count(where: { $0 != nil }) == 1 else {
            if node.value.objectValue != nil {
                node.note(
                    .conflict,
                    "must say one of \"query\", \"header\" and \"body\".",
                    fix: "Give one of the three."
                )
            }
            self = .query("")
            return
        }
        if let body {
            self = .body(body.pointer() ?? .root)
        } else if let header {
            let name = header.text() ?? ""
            if !name.isEmpty, !RequestTemplate.isHeaderName(name) {
                header.note(
                    .value,
                    "is no name of a header: \"\(name)\".",
                    fix: "Write letters, digits and hyphens."
                )
            }
            self = .header(name)
        } else {
            self = .query(query?.text() ?? "")
        }
    }
}
