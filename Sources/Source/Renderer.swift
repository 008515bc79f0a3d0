// SPDX-License-Identifier: Apache-2.0
import Basics
package import Connectors
package import HTTPClient
import JSON

/// Turns a definition's requests into ones that can be sent.
package enum Renderer {
    /// `template` with the values of `bindings` in it, for `service`; `more` is put behind its query.
    ///
    /// Each expression in the path becomes one segment, in the query one value. No token is in it yet.
    package static func request(
        _ template: RequestTemplate,
        to service: Service,
        in bindings: any Bindings,
        adding more: [(name: String, value: String)] = [],
        limits: RequestLimits
    ) throws(Unrenderable) -> Request {
        var query: [(name: String, value: String)] = []
        for item in template.query {
            guard let value = try text(item.value, "query \"\(item.name)\"", bindings) else { continue }
            query.append((item.name, value))
        }
        var url = service.base.text + (try path(template.path, bindings))
        for (index, item) in (query + more).enumerated() {
            url += (index == 0 ? "?" : "&") + (try pair(item, PercentEncoding.query))
        }
        guard Links.isUnder(url, service.base) else {
            throw .badURL(place: "path \"\(template.path.source)\"")
        }
        let (body, type) = try body(template.body, bindings)
        return Request(
            method: template.method.rawValue,
            url: url,
            headers: try headers(template, type, bindings),
            body: body,
            timeLimit: limits.timeout,
            bodyLimit: limits.maxBody
        )
    }

    /// The headers of `template`, with what the host says by itself where it says nothing.
    static func headers(
        _ template: RequestTemplate,
        _ type: String?,
        _ bindings: any Bindings
    ) throws(Unrenderable) -> [Header] {
        var headers: [Header] = []
        for item in template.headers {
            guard let value = try text(item.value, "header \"\(item.name)\"", bindings) else { continue }
            headers.append(Header(item.name, value))
        }
        func lacks(_ name: String) -> Bool { !headers.contains { $0.name.lowercased() == name } }
        if lacks("accept") { headers.append(Header("Accept", "application/json")) }
        if let type, lacks("content-type") { headers.append(Header("Content-Type", type)) }
        return headers
    }

    /// The names and values of `items`, those without a value left out.
    static func values(
        _ items: [RequestTemplate.Item],
        _ bindings: any Bindings
    ) throws(Unrenderable) -> [(name: String, value: String)] {
        var values: [(name: String, value: String)] = []
        for item in items {
            guard let value = try text(item.value, "query \"\(item.name)\"", bindings) else { continue }
            values.append((item.name, value))
        }
        return values
    }

    /// The path that `template` makes, each of its expressions one segment.
    static func path(_ template: Template, _ bindings: any Bindings) throws(Unrenderable) -> String {
        let place = "path \"\(template.source)\""
        var isControlled = false
        var isBad = false
        let text: String
        do throws(TemplateFailure) {
            text = try template.text(in: bindings) { value in
                if hasControl(value) { isControlled = true }
                // A dot segment would climb out of the folder even when it is encoded.
                guard let segment = PercentEncoding.segment(value) else {
                    isBad = true
                    return ""
                }
                return segment
            }
        } catch { throw .template(place: place, error) }
        guard !isControlled else { throw .controlCharacter(place: place) }
        guard !isBad else { throw .segment(place: place) }
        return text
    }

    /// The text of a value that is not encoded yet; `nil` where it is left out.
    private static func text(
        _ template: Template,
        _ place: String,
        _ bindings: any Bindings
    ) throws(Unrenderable) -> String? {
        let text: String?
        do throws(TemplateFailure) { text = try template.optionalText(in: bindings) } catch {
            throw .template(place: place, error)
        }
        guard let text else { return nil }
        guard !hasControl(text) else { throw .controlCharacter(place: place) }
        return text
    }

    private static func body(
        _ body: RequestTemplate.Body,
        _ bindings: any Bindings
    ) throws(Unrenderable) -> (bytes: [UInt8], type: String?) {
        switch body {
        case .none: return ([], nil)
        case .form(let items):
            var fields: [String] = []
            for item in try values(items, bindings) { fields.append(try pair(item, PercentEncoding.form)) }
            return (Array(fields.joined(separator: "&").utf8), "application/x-www-form-urlencoded")
        case .json(let template):
            do throws(TemplateFailure) {
                return (try template.value(in: bindings).bytes(), "application/json")
            } catch { throw .template(place: "body", error) }
        }
    }

    /// A name and its value as `encode` writes them.
    private static func pair(
        _ item: (name: String, value: String),
        _ encode: (String) -> String?
    ) throws(Unrenderable) -> String {
        guard let name = encode(item.name), let value = encode(item.value) else {
            throw .controlCharacter(place: "parameter \"\(item.name)\"")
        }
        return name + "=" + value
    }

    private static func hasControl(_ text: String) -> Bool {
        text.unicodeScalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }
    }
}
