// SPDX-License-Identifier: Apache-2.0
import JSON

/// A request as a definition writes it: whom to ask, and what with which expressions in it.
package struct RequestTemplate: Sendable, Equatable {
    /// A named value of a query, a header or a form; one that stands for nothing is left out.
    package struct Item: Sendable, Equatable {
        /// Its name.
        package let name: String
        /// Its value.
        package let value: Template

        /// Names `value`.
        package init(name: String, value: Template) {
            self.name = name
            self.value = value
        }
    }

    /// What is sent with the request.
    package enum Body: Sendable, Equatable {
        /// Nothing.
        case none
        /// `application/x-www-form-urlencoded`.
        case form([Item])
        /// `application/json`.
        case json(ValueTemplate)

        /// It as it was written, in one line; empty where nothing is sent.
        package var written: String {
            switch self {
            case .none: ""
            case .form(let items): items.map { "\($0.name)=\($0.value.source)" }.joined(separator: "&")
            case .json(let value): value.written.text()
            }
        }
    }

    /// The methods there are; a connector reads and so uses the first two only, a flow also makes and undoes things.
    package enum Method: String, Sendable, CaseIterable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    /// The service it goes to.
    package let service: String
    /// Its method.
    package let method: Method
    /// Its path under the service's base; each expression in it is encoded as one segment.
    package let path: Template
    /// Its query, in order.
    package let query: [Item]
    /// Its headers besides those that the host sets.
    package let headers: [Item]
    /// What is sent with it.
    package let body: Body
    /// The quotas it counts against.
    package let quotas: [String]
    /// Whether a token or key is sent with it.
    package let isAuthorised: Bool

    /// Creates a request from all its parts.
    package init(
        service: String,
        method: Method = .get,
        path: Template,
        query: [Item] = [],
        headers: [Item] = [],
        body: Body = .none,
        quotas: [String] = [],
        isAuthorised: Bool = true
    ) {
        self.service = service
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.quotas = quotas
        self.isAuthorised = isAuthorised
    }
}

extension RequestTemplate {
    /// Headers that the host alone sets.
    private static let reserved: Set<String> = [
        "authorization", "host", "content-length", "cookie", "connection",
    ]

    /// Whether the host alone sets the header called `name`.
    static func isReserved(header name: String) -> Bool { reserved.contains(name.lowercased()) }

    /// Whether `name` can be the name of a header (RFC 9110, section 5.6.2).
    static func isHeaderName(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }

    /// Reads a request whose expressions may name what `scope` knows.
    package init(_ node: Node, _ scope: Scope) {
        var fields = Fields(node)
        service = fields.text("service")
        method =
            fields.optional("method")?.choice(Method.self, among: scope.isFlow ? nil : [.get, .post]) ?? .get
        path = fields.required("path")?.template(scope) ?? Template(literal: "/")
        query = Item.list(&fields, "query", scope)
        headers = Item.list(&fields, "headers", scope)
        let form = fields.optional("form"), json = fields.optional("json")
        if let form {
            body = .form(
                form.members { name, node in node.template(scope).map { Item(name: name, value: $0) } }
            )
        } else if let json, let value = json.valueTemplate(scope) {
            body = .json(value)
        } else {
            body = .none
        }
        quotas = fields.texts("quota")
        isAuthorised = fields.flag("authorised", else: true)
        fields.end()
        if form != nil, json != nil {
            node.note(.conflict, "has both \"form\" and \"json\".", fix: "Leave one of them out.")
        }
        if method == .get, body != .none {
            node.note(.conflict, "sends a body with GET.", fix: "Use POST, or leave the body out.")
        }
        if !path.source.isEmpty, !path.source.hasPrefix("/") || path.source.contains("?") {
            node.note(
                .value,
                "has a path that is none: \"\(path.source)\".",
                fix: "Start it with / and write the query under \"query\"."
            )
        }
        let address = path.expressions + query.flatMap(\.value.expressions)
        if address.flatMap(\.paths).contains(where: { $0.name == "secrets" }) {
            node.note(
                .secret,
                "puts a secret into an address.",
                fix: "Addresses are written into logs on the way; put it into \"form\", \"json\" or a header."
            )
        }
        for header in headers where Self.isReserved(header: header.name) {
            node.note(
                .conflict,
                "sets the header \"\(header.name)\".",
                fix: "The host sets it; leave it out."
            )
        }
    }
}

extension RequestTemplate.Item {
    static func list(_ fields: inout Fields, _ key: String, _ scope: Scope) -> [Self] {
        fields.optional(key)?.members { name, node in
            node.template(scope).map { Self(name: name, value: $0) }
        } ?? []
    }
}
