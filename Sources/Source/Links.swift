// SPDX-License-Identifier: Apache-2.0
package import Connectors
package import HTTPClient
package import JSON

/// Decides where a token may go, and finds the way to the next page.
package enum Links {
    /// Whether `url` lies under `base`: same scheme, host and port, its path inside the base's path.
    ///
    /// A path that climbs (`..`, however it is encoded), a user name, spaces and control characters make it foreign.
    package static func isUnder(_ url: String, _ base: BaseURL) -> Bool {
        guard let parts = URLParts(url), let root = URLParts(base.text) else { return false }
        guard parts.scheme == root.scheme, parts.host == root.host, parts.port == root.port else {
            return false
        }
        let folder = root.path == "/" ? "" : root.path
        guard parts.path == folder || parts.path.hasPrefix(folder + "/") else { return false }
        return !climbs(parts.path)
    }

    /// The whole address that `link` of an answer from `base` means, or `nil` where it is foreign.
    package static func resolve(_ link: String, under base: BaseURL) -> String? {
        var url = link
        if link.hasPrefix("/"), !link.hasPrefix("//"), let root = URLParts(base.text) {
            // A port that is the scheme's own does no harm when it is written out.
            url = "\(root.scheme)://\(root.host):\(root.port)\(link)"
        }
        return isUnder(url, base) ? url : nil
    }

    /// `url` with those of `items` that its query lacks, names compared without regard to case.
    package static func adding(_ items: [(name: String, value: String)], to url: String) -> String {
        var whole = url.prefix { $0 != "#" }.description
        let query = whole.split(separator: "?", maxSplits: 1).dropFirst().first ?? ""
        let known = Set(
            query.split(separator: "&").map { item in
                let name = item.prefix { $0 != "=" }
                return String(decoding: PercentEncoding.decode(name), as: UTF8.self).lowercased()
            }
        )
        var hasQuery = whole.contains("?")
        for item in items where !known.contains(item.name.lowercased()) {
            // What holds a control character was refused when the values were made.
            guard let name = PercentEncoding.query(item.name), let value = PercentEncoding.query(item.value)
            else { continue }
            let needsSign = !whole.hasSuffix("?") && !whole.hasSuffix("&")
            if needsSign { whole += hasQuery ? "&" : "?" }
            hasQuery = true
            whole += name + "=" + value
        }
        return whole
    }

    /// The place of the page after `response`, where `paging` goes by what the source hands out and there is one.
    package static func next(_ paging: Paging, in response: Response) -> PagePlace? {
        switch paging.kind {
        case .nextURL(let place): found(at: place, in: response).map { .link($0) }
        case .delta(let pointer, _): found(at: .body(pointer), in: response).map { .link($0) }
        case .linkHeader(let rel):
            response.headers.lazy.filter { $0.name.lowercased() == "link" }
                .compactMap { linked($0.value, rel) }.first.flatMap(filled).map { .link($0) }
        case .token(let place, _): found(at: place, in: response).map { .token($0) }
        case .none, .page, .offset: nil
        }
    }

    /// The place at which the next round begins, where `response` ends a round of links.
    package static func round(_ paging: Paging, in response: Response) -> PagePlace? {
        guard case .delta(_, let pointer) = paging.kind else { return nil }
        return found(at: .body(pointer), in: response).map { .link($0) }
    }

    private static func found(at place: Paging.Place, in response: Response) -> String? {
        switch place {
        case .header(let name): response.header(name).flatMap(filled)
        case .body(let pointer): text(at: pointer, in: response.body).flatMap(filled)
        }
    }

    private static func filled(_ text: String) -> String? {
        let text = Text.trimmed(text)
        return text.isEmpty ? nil : text
    }

    /// The text at `pointer` of a body, without a tree of its other parts where it stands at the top.
    package static func text(at pointer: Pointer, in body: [UInt8]) -> String? {
        if !pointer.tokens.contains(where: { $0.utf8.allSatisfy { 0x30...0x39 ~= $0 } }) {
            guard let split = try? Scanner.pick([FieldPath(pointer.tokens)], of: body),
                let range = split.field(0, of: 0)
            else { return nil }
            return Scanner.string(range, in: body)
        }
        return (try? Value(parsing: body))?[pointer]?.plainText
    }

    /// The target of relation `rel` in a `Link` header (RFC 8288).
    static func linked(_ header: String, _ rel: String) -> String? {
        var rest = Substring(header)
        while let open = rest.firstIndex(of: "<") {
            guard let close = rest[open...].firstIndex(of: ">") else { return nil }
            let target = rest[rest.index(after: open)..<close]
            rest = rest[rest.index(after: close)...]
            // The parameters end where the next link begins.
            let end = rest.firstIndex(of: "<") ?? rest.endIndex
            for parameter in rest[..<end].split(separator: ";") {
                let pair = parameter.split(separator: "=", maxSplits: 1).map { Text.trimmed(String($0)) }
                guard pair.count == 2, pair[0].lowercased() == "rel" else { continue }
                let names = pair[1].filter { $0 != "\"" && $0 != "," }.lowercased().split(separator: " ")
                if names.contains(Substring(rel.lowercased())) { return String(target) }
            }
            rest = rest[end...]
        }
        return nil
    }

    /// Whether a server that decodes once, twice or thrice could read a dot segment out of `path`.
    private static func climbs(_ path: String) -> Bool {
        var bytes = Array(path.utf8)
        for _ in 0..<4 {
            let segments = bytes.split(omittingEmptySubsequences: false) {
                $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\")
            }
            for segment in segments {
                // Some servers drop what stands behind a semicolon before they look at the dots.
                let name = segment.prefix { $0 != UInt8(ascii: ";") }
                if name.elementsEqual(".".utf8) || name.elementsEqual("..".utf8) || name.contains(0) {
                    return true
                }
            }
            let decoded = PercentEncoding.decode(String(decoding: bytes, as: UTF8.self))
            if decoded == bytes { break }
            bytes = decoded
        }
        return false
    }
}
