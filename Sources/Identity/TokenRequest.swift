// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Crypto
import Glibc
import HTTPClient
import JSON

/// Puts the request for a token together, as the definition says and with the credential's own fields.
struct TokenRequest {
    let demand: TokenDemand
    let audience: String
    let now: Timestamp

    /// Answers of token endpoints are a few KiB.
    private static let bodyLimit = 1 << 20

    func make() throws(IdentityFailure) -> Request {
        guard let template = demand.auth.token, let base = demand.base else {
            throw .request("the connector does not say where tokens come from")
        }
        let names = demand.bindings(audience: audience)
        var url = base.text + (try text(template.path, names, PercentEncoding.segment, "the path"))
        // The assertion is made for the endpoint itself, without a query.
        let endpoint = url
        let query = try pairs(template.query, names, PercentEncoding.query)
        if !query.isEmpty { url += "?" + query.joined(separator: "&") }
        var headers = [Header("Accept", "application/json")]
        for item in template.headers {
            guard let value = try optional(item, names) else { continue }
            headers.append(Header(item.name, value))
        }
        guard case .form(let items) = template.body else {
            throw .request("the connector's request for a token carries no form")
        }
        var fields = try pairs(items, names, PercentEncoding.form)
        for (name, value) in try credentialFields(endpoint: endpoint) {
            fields.append(name + "=" + (try encoded(value, PercentEncoding.form, "the field \(name)")))
        }
        headers.append(Header("Content-Type", "application/x-www-form-urlencoded"))
        return Request(
            method: template.method.rawValue,
            url: url,
            headers: headers,
            body: Array(fields.joined(separator: "&").utf8),
            timeLimit: demand.timeLimit,
            bodyLimit: Self.bodyLimit
        )
    }

    /// What the credential adds (RFC 6749 §2.3.1, RFC 7523 §2.2).
    private func credentialFields(endpoint: String) throws(IdentityFailure) -> [(String, String)] {
        let kinds = demand.auth.credentials
        switch demand.credential {
        case .secret(let secret):
            guard kinds.contains(.secret) else { throw .credentialKind("it takes no secret") }
            return [("client_secret", secret.reveal { $0 })]
        case .certificate(let certificate, let key):
            guard kinds.contains(.certificate), let form = demand.auth.assertion else {
                throw .credentialKind("it takes no certificate")
            }
            let assertion = try ClientAssertion.make(
                form,
                certificate: certificate,
                key: key,
                client: demand.client,
                audience: endpoint,
                now: now
            )
            return [("client_assertion_type", ClientAssertion.type), ("client_assertion", assertion)]
        case .federatedFile(let path):
            guard kinds.contains(.federated) else { throw .credentialKind("it takes no federated token") }
            let assertion = try Self.assertion(inFile: path)
            return [("client_assertion_type", ClientAssertion.type), ("client_assertion", assertion)]
        }
    }

    /// The assertion in the file, which is written anew every few minutes and so never kept.
    private static func assertion(inFile path: String) throws(IdentityFailure) -> String {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .federatedFile(path: path, why: String(cString: strerror(errno))) }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 64 << 10)
        var count = 0
        while count < bytes.count {
            let room = bytes.count - count
            let got = bytes.withUnsafeMutableBytes { read(file, $0.baseAddress.map { $0 + count }, room) }
            guard got >= 0 else { throw .federatedFile(path: path, why: String(cString: strerror(errno))) }
            if got == 0 { break }
            count += got
        }
        let text = bytes[..<count].split(whereSeparator: { $0 <= 0x20 })
        guard text.count == 1, count < bytes.count else {
            throw .federatedFile(
                path: path,
                why: text.isEmpty ? "it is empty" : "it holds more than one token"
            )
        }
        return String(decoding: text[0], as: UTF8.self)
    }

    private func pairs(
        _ items: [RequestTemplate.Item],
        _ names: Names,
        _ encode: (String) -> String?
    ) throws(IdentityFailure) -> [String] {
        var pairs: [String] = []
        for item in items {
            guard let value = try optional(item, names) else { continue }
            let name = try encoded(item.name, encode, "the name \(item.name)")
            pairs.append(name + "=" + (try encoded(value, encode, item.name)))
        }
        return pairs
    }

    private func optional(_ item: RequestTemplate.Item, _ names: Names) throws(IdentityFailure) -> String? {
        do { return try item.value.optionalText(in: names) } catch {
            throw .request("\(item.name): \(error)")
        }
    }

    private func encoded(
        _ text: String,
        _ encode: (String) -> String?,
        _ what: String
    ) throws(IdentityFailure) -> String {
        guard let encoded = encode(text) else { throw .request("\(what) holds a control character") }
        return encoded
    }

    /// The template's text with each value in it encoded.
    private func text(
        _ template: Template,
        _ names: Names,
        _ encode: (String) -> String?,
        _ what: String
    ) throws(IdentityFailure) -> String {
        var refused = false
        let text: String
        do {
            text = try template.text(in: names) { value in
                if let encoded = encode(value) { return encoded }
                refused = true
                return ""
            }
        } catch {
            throw .request("\(what): \(error)")
        }
        guard !refused else { throw .request("\(what) would hold an empty or misleading part") }
        return text
    }
}
