// SPDX-License-Identifier: Apache-2.0
import Connectors
import HTTPClient
import JSON

/// A request that a play made, taken apart as a test's expectations look at it.
struct SentRequest: Sendable {
    let method: String
    /// The service under whose base it lies; `nil` is nowhere a definition may ask.
    let service: String?
    /// The path as sent, after the service's base.
    let path: String
    let query: [(name: String, value: String)]
    let form: [(name: String, value: String)]
    /// The body, where it is JSON.
    let json: Value?
    let headers: [Header]
    let url: String
    /// The pass it was made in.
    let pass: Int

    init(_ request: Request, under bases: [(name: String, base: BaseURL)], pass: Int) {
        method = request.method
        url = request.url
        headers = request.headers
        self.pass = pass
        let parts = URLParts(request.url)
        // Where one base lies inside another, the longer one says whose it is.
        let home = bases.filter { Self.lies(parts, under: $0.base) }.max {
            $0.base.text.count < $1.base.text.count
        }
        service = home?.name
        let prefix = home.flatMap { URLParts($0.base.text)?.path }.map { $0 == "/" ? "" : $0 } ?? ""
        path = String((parts?.path ?? request.url).dropFirst(prefix.count))
        query = Self.pairs(parts?.query ?? "")
        let type = request.headers.first { $0.name.lowercased() == "content-type" }?.value ?? ""
        let isForm = type.hasPrefix("application/x-www-form-urlencoded")
        json = type.hasPrefix("application/json") ? try? Value(parsing: request.body) : nil
        form = isForm ? Self.pairs(String(decoding: request.body, as: UTF8.self)) : []
    }

    /// Whether it asks for nothing but a service's bare base.
    var isForBase: Bool { service != nil && (path.isEmpty || path == "/") && method == "GET" }

    /// The request in one line, without anything that could be a secret.
    var line: String {
        let words = query.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
        guard let service else { return "\(method) \(url)" }
        return "\(method) \(service) \(path)" + (words.isEmpty ? "" : "?\(words)")
    }

    /// Why it is not what `expected` says; `nil` where it fits.
    func misfit(_ expected: Rehearsal.Expected) -> String? {
        if let method = expected.method, method != self.method { return "wants \(method)" }
        if let service = expected.service, service != self.service { return "wants the service \(service)" }
        if let path = expected.path, !Text.matches(self.path, glob: path) { return "wants the path \(path)" }
        return misfit(expected.query, query, "the query") ?? misfit(expected.form, form, "the form")
            ?? misfit(expected.json)
            ?? misfit(expected.headers, headers.map { ($0.name, $0.value) }, "the header")
    }

    /// Whether it may have been made of `template`: its service, its method, and a path of the same make.
    func isLike(_ template: RequestTemplate) -> Bool {
        let parts = template.path.parts.map { part in
            switch part {
            case .text(let text): text
            case .expression: "*"
            }
        }
        return service == template.service && method == template.method.rawValue
            && Text.matches(path, glob: parts.joined())
    }

    /// How much of `expected` fits before something does not; tells which exchange comes nearest.
    func nearness(_ expected: Rehearsal.Expected) -> Int {
        guard expected.service ?? service == service else { return 0 }
        guard expected.path.map({ Text.matches(path, glob: $0) }) ?? true else { return 1 }
        return (expected.method ?? method) == method ? 3 : 2
    }

    private func misfit(
        _ wanted: [String: String],
        _ pairs: [(name: String, value: String)],
        _ place: String
    ) -> String? {
        for (name, glob) in wanted.sorted(by: { $0.key < $1.key }) {
            let values = pairs.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
            guard !values.contains(where: { Text.matches($0, glob: glob) }) else { continue }
            return "wants \(place) \(name)=\(glob)" + (values.first.map { ", not \($0)" } ?? "")
        }
        return nil
    }

    private func misfit(_ wanted: [Pointer: String]) -> String? {
        for (pointer, glob) in wanted.sorted(by: { $0.key.description < $1.key.description }) {
            let found = json?[pointer].map { $0.plainText ?? $0.text() }
            guard !(found.map { Text.matches($0, glob: glob) } ?? false) else { continue }
            return "wants \(glob) at \(pointer) of the body" + (found.map { ", not \($0)" } ?? "")
        }
        return nil
    }

    private static func lies(_ parts: URLParts?, under base: BaseURL) -> Bool {
        guard let parts, let root = URLParts(base.text) else { return false }
        let folder = root.path == "/" ? "" : root.path
        return parts.scheme == root.scheme && parts.host == root.host && parts.port == root.port
            && (parts.path == folder || parts.path.hasPrefix(folder + "/"))
    }

    private static func pairs(_ text: String) -> [(name: String, value: String)] {
        text.split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (decoded(parts[0]), parts.count > 1 ? decoded(parts[1]) : "")
        }
    }

    /// `%XX` and `+` turned back into what they stand for.
    private static func decoded(_ text: Substring) -> String {
        let bytes = Array(text.utf8)
        var out: [UInt8] = []
        var at = 0
        while at < bytes.count {
            if bytes[at] == UInt8(ascii: "%"), at + 2 < bytes.count,
                let byte = UInt8(String(decoding: bytes[(at + 1)...(at + 2)], as: UTF8.self), radix: 16)
            {
                out.append(byte)
                at += 3
            } else {
                out.append(bytes[at] == UInt8(ascii: "+") ? 0x20 : bytes[at])
                at += 1
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
