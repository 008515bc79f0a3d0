// SPDX-License-Identifier: Apache-2.0
import JSON

/// An answer as a person has it: raw HTTP as `curl -i` prints it, or the JSON of a rehearsal's `answer`.
package struct AnswerSample: Sendable, Equatable {
    /// The service that answered, where the sample says so.
    package let service: String?
    /// What the request was for, where the sample says so.
    package let step: Answer.Step?
    /// The answer.
    package let reply: Rehearsal.Reply

    /// Reads `bytes`; throws ``ConnectorFailure/noAnswer(file:why:)`` with what is wrong at which line.
    package static func read(_ bytes: [UInt8], file: String) throws(ConnectorFailure) -> AnswerSample {
        let start = bytes.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
        guard start == UInt8(ascii: "{") else { return try raw(bytes[...], file) }
        let document: Document
        do { document = try Document(parsing: bytes) } catch {
            throw .noAnswer(
                file: file,
                why: "line \(error.position.line) is no JSON: \(error.description)"
            )
        }
        let sheet = Sheet(file: file, document: document)
        var service: String?, step: Answer.Step?
        let reply = Rehearsal.Reply(Node(value: document.root, at: .root, sheet: sheet)) { fields in
            service = fields.optionalText("service")
            step = fields.optional("step")?.choice(Answer.Step.self)
        }
        if let finding = sheet.findings.first {
            throw .noAnswer(file: file, why: "line \(finding.line): \(finding.message) \(finding.fix)")
        }
        return AnswerSample(service: service, step: step, reply: reply)
    }

    /// Reads status line, headers, blank line and body; interim answers before it are passed over.
    private static func raw(_ bytes: ArraySlice<UInt8>, _ file: String) throws(ConnectorFailure)
        -> AnswerSample
    {
        var rest = bytes
        while true {
            let (status, reason) = try statusLine(&rest, file)
            let headers = try headers(&rest, file)
            let isInterim = (100...199).contains(status) || reason.lowercased() == "connection established"
            if isInterim, rest.starts(with: "HTTP/".utf8) { continue }
            let reply = Rehearsal.Reply(
                status: status,
                headers: headers,
                body: Array(rest),
                trouble: nil,
                token: nil,
                delay: .zero
            )
            return AnswerSample(service: nil, step: nil, reply: reply)
        }
    }

    private static func statusLine(_ rest: inout ArraySlice<UInt8>, _ file: String) throws(ConnectorFailure)
        -> (status: Int, reason: String)
    {
        let parts = line(&rest).split(separator: " ", maxSplits: 2).map(String.init)
        guard parts.count >= 2, parts[0].hasPrefix("HTTP/"), let status = Int(parts[1]),
            (100...599).contains(status)
        else {
            throw .noAnswer(
                file: file,
                why: "it begins neither with a status line such as \"HTTP/1.1 403 Forbidden\" nor with {"
            )
        }
        return (status, parts.count > 2 ? parts[2] : "")
    }

    private static func headers(_ rest: inout ArraySlice<UInt8>, _ file: String) throws(ConnectorFailure)
        -> [(name: String, value: String)]
    {
        var headers: [(name: String, value: String)] = []
        while !rest.isEmpty {
            let text = line(&rest)
            if text.isEmpty { break }
            let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty, !parts[0].contains(" ") else {
                throw .noAnswer(
                    file: file,
                    why: "\"\(text.prefix(60))\" is no header; a blank line ends the headers"
                )
            }
            headers.append((String(parts[0]), Text.trimmed(String(parts[1]))))
        }
        return headers
    }

    /// Takes the next line off, without its end.
    private static func line(_ rest: inout ArraySlice<UInt8>) -> String {
        let end = rest.firstIndex(of: 0x0A) ?? rest.endIndex
        var line = rest[..<end]
        if line.last == 0x0D { line.removeLast() }
        rest = rest[(end == rest.endIndex ? end : rest.index(after: end))...]
        return String(decoding: line, as: UTF8.self)
    }
}
