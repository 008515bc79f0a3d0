// SPDX-License-Identifier: Apache-2.0
import JSON

/// What came back for one request, as the error rules see it.
package struct Answer: Sendable {
    /// What the request was for.
    package enum Step: String, Sendable, CaseIterable {
        case token, before, list, fetch, probe
    }

    /// The service that was asked.
    package let service: String
    /// What the request was for.
    package let step: Step
    /// The status; 0 where none came.
    package let status: Int
    /// The trouble on the way, where no good answer came.
    package let trouble: Trouble?
    /// The error codes that the service's definition finds in the body.
    package let codes: [String]
    /// The error message that it finds there.
    package let message: String?
    /// The start of the body as text, for recognising words in it; never shown to people unredacted.
    package let words: String
    private let headers: [String: String]
    private let body: Value?

    /// The longest stretch of a body that is searched for words.
    package static let longestWords = 8_192

    /// Reads an answer of `use`'s service; `body` is parsed where it is JSON and not over-long, and `detail` stands in
    /// for a message where the body has none.
    ///
    /// Error answers are small. A list of events is never looked at here, so large bodies are not parsed.
    package init(
        of use: ServiceUse?,
        service: String,
        step: Step,
        status: Int,
        headers: [(name: String, value: String)] = [],
        body: [UInt8] = [],
        trouble: Trouble? = nil,
        detail: String? = nil
    ) {
        self.service = service
        self.step = step
        self.status = status
        self.trouble = trouble
        self.headers = Dictionary(headers.map { ($0.name.lowercased(), $0.value) }) { first, _ in first }
        let parsed = body.count <= 1 << 20 ? try? Value(parsing: body) : nil
        self.body = parsed
        codes = parsed.map { Self.codes(in: $0, use?.errorCode ?? []) } ?? []
        message =
            parsed.flatMap { value in
                (use?.errorMessage ?? []).lazy.compactMap { value[$0]?.plainText }.first
            } ?? detail
        let start = String(decoding: body.prefix(Self.longestWords), as: UTF8.self)
        // Some services cut one sentence into code and message at a colon; rules must find it whole.
        words = ([codes.joined(separator: " "), message ?? ""].joined(separator: ": ")) + "\n" + start
    }

    /// The value of a header, whatever its case.
    package subscript(header name: String) -> String? { headers[name.lowercased()] }

    /// The names that a rule's condition reads.
    package var bindings: Names {
        var object = Object()
        object["status"] = .int(Int64(status))
        object["headers"] = .object(
            Object(headers.sorted { $0.key < $1.key }.map { ($0.key, Value.string($0.value)) })
        )
        object["body"] = body ?? .null
        object["text"] = .string(words)
        return Names(["response": .object(object)])
    }

    private static func codes(in body: Value, _ sources: [ServiceUse.CodeSource]) -> [String] {
        var codes: [String] = []
        for source in sources {
            guard let value = body[source.pointer] else { continue }
            for found in value.arrayValue ?? [value] {
                guard var text = found.plainText, !text.isEmpty else { continue }
                if let end = source.upTo {
                    guard let range = text.firstRange(of: end) else { continue }
                    text = String(text[..<range.lowerBound])
                }
                let code = source.prefix + text
                if !codes.contains(code) { codes.append(code) }
            }
        }
        return codes
    }
}
