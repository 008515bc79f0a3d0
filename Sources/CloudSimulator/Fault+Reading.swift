// SPDX-License-Identifier: Apache-2.0
import Basics
import JSON

extension Fault {
    init(_ from: Reading) throws(SimulatorFailure) {
        try from.check("fault")
        guard let action = from.member("do") else { throw from.failure("needs \"do\"") }
        self.init(
            try Action(action),
            on: try from.member("match").map(Match.read) ?? Match(),
            id: try from.text("id") ?? "",
            times: try from.whole("times", 0...1_000_000_000),
            skip: try from.whole("skip", 0...1_000_000_000) ?? 0,
            from: try from.moment("from"),
            until: try from.moment("until"),
            rhythm: try Self.rhythm(from)
        )
    }
}

extension Fault {
    private static func rhythm(_ from: Reading) throws(SimulatorFailure) -> String {
        let text = try from.text("rhythm") ?? ""
        guard text.allSatisfy({ $0 == "x" || $0 == "." }) else {
            throw from.failure("expected x for a request it acts on and . for one that passes", at: "rhythm")
        }
        return text
    }
}

extension Fault.Match {
    static func read(_ from: Reading) throws(SimulatorFailure) -> Fault.Match {
        try from.check("match")
        var match = Fault.Match()
        if let found = from.member("operation") {
            for entry in found.value.stringValue != nil ? [found] : try from.list("operation") {
                guard let operation = Operation(rawValue: try entry.text()) else {
                    let known = Operation.allCases.map(\.rawValue).joined(separator: ", ")
                    throw entry.failure("no operation; known are \(known)")
                }
                match.operations.insert(operation)
            }
        }
        match.method = try from.text("method")?.uppercased()
        match.path = try from.text("path")
        match.tenant = try from.text("tenant")?.lowercased()
        match.app = try from.text("app")?.lowercased()
        match.type = try from.type("type")
        match.page = try from.whole("page", 1...1_000_000)
        match.blob = try from.whole("blob", 0...999_999)
        match.createdFrom = try from.moment("createdFrom")
        match.createdTo = try from.moment("createdTo")
        return match
    }
}

extension Fault.Action {
    /// The names of the kinds, for the schema and for errors.
    package static let kinds = [
        "status", "delay", "reset", "truncate", "malformed", "html", "empty", "object", "throttle",
        "coolDown", "emptyPage", "shortPage", "repeatedItem", "lostPage", "tooWide", "unlicensed",
        "pageLoop", "foreignNextPage", "foreignContent", "localhostContent", "duplicateBlob",
        "duplicateRecords",
        "hidden", "expired", "missing", "unreadable", "expiredToken", "auditingOff",
    ]

    init(_ from: Reading) throws(SimulatorFailure) {
        // A kind that needs nothing more may stand alone.
        let kind: String
        if let word = from.value.stringValue {
            kind = word
        } else {
            try from.check("do")
            kind = try from.needed("kind")
        }
        let status = from.value.objectValue == nil ? nil : try from.whole("status", 200...599)
        switch kind {
        case "status":
            guard let status else { throw from.failure("needs \"status\"") }
            var headers: [(String, String)] = []
            for (name, value) in try from.entries("headers") { headers.append((name, try value.text())) }
            let body = from.member("body").map {
                $0.value.stringValue.map { Array($0.utf8) } ?? $0.value.bytes()
            }
            self = .status(status, body: body ?? [], headers: headers)
        case "delay":
            guard from.value.objectValue != nil, let wait = try from.duration("wait") else {
                throw from.failure("needs \"wait\"")
            }
            self = .delay(wait)
        case "reset": self = .reset
        case "truncate":
            self = .truncate(
                after: from.value.objectValue == nil ? nil : try from.whole("after", 0...1_000_000_000)
            )
        case "malformed": self = .malformed
        case "html": self = .html(status ?? 503)
        case "empty": self = .empty(status ?? 200)
        case "object": self = .object
        case "throttle":
            let wait = from.value.objectValue == nil ? nil : try from.whole("retryAfter", 0...86_400)
            self = .throttle(status: status, retryAfter: wait)
        case "coolDown":
            let seconds = from.value.objectValue == nil ? nil : try from.whole("seconds", 0...86_400)
            self = .coolDown(seconds: seconds ?? 896)
        case "emptyPage": self = .emptyPage
        case "shortPage": self = .shortPage
        case "repeatedItem": self = .repeatedItem
        case "lostPage": self = .lostPage
        case "tooWide":
            guard from.value.objectValue != nil, let span = try from.duration("span") else {
                throw from.failure("needs \"span\"")
            }
            self = .tooWide(span)
        case "unlicensed": self = .unlicensed
        case "pageLoop": self = .pageLoop
        case "foreignNextPage": self = .foreignNextPage
        case "foreignContent": self = .foreignContent
        case "localhostContent": self = .localhostContent
        case "duplicateBlob": self = .duplicateBlob
        case "duplicateRecords": self = .duplicateRecords
        case "hidden": self = .hidden
        case "expired": self = .expired
        case "missing": self = .missing
        case "unreadable": self = .unreadable
        case "expiredToken": self = .expiredToken
        case "auditingOff":
            let answers = from.value.objectValue == nil ? nil : try Scenario.AuditingChange.silence(from)
            self = .auditingOff(answers ?? .errors)
        default:
            throw from.failure("no kind of fault; known are \(Self.kinds.joined(separator: ", "))")
        }
    }
}
