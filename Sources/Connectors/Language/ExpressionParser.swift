// SPDX-License-Identifier: Apache-2.0
import Basics
import JSON

/// Reads tokens as expressions and predicates, by recursive descent.
struct ExpressionParser {
    private let tokens: [Token]
    private let text: String
    private let end: Int
    private var next = 0
    private var depth = 0

    /// Definitions are untrusted: nesting has a bound well inside the stack's.
    private static let deepest = 40

    init(_ text: String, base: Int = 0) throws(SyntaxProblem) {
        tokens = try Token.split(text, base: base)
        self.text = Text.trimmed(text)
        end = base + text.count
    }

    var isAtEnd: Bool { next == tokens.count }

    func problem(_ message: String) -> SyntaxProblem {
        SyntaxProblem(message: message, offset: isAtEnd ? end : tokens[next].offset)
    }

    func expectEnd() throws(SyntaxProblem) {
        guard isAtEnd else { throw problem("goes on where it should end") }
    }

    // MARK: Expressions

    mutating func expression() throws(SyntaxProblem) -> Expression {
        try descend()
        defer { depth -= 1 }
        let start = next
        guard !isAtEnd else { throw problem("ends where a name or a value should stand") }
        let head: Expression.Head
        switch tokens[next].kind {
        case .text(let value): head = .literal(.string(value))
        case .number(let digits):
            guard let value = try? Value(parsing: Array(digits.utf8)) else {
                throw problem("has a number out of form")
            }
            head = .literal(value)
        case .name("true"): head = .literal(true)
        case .name("false"): head = .literal(false)
        case .name("null"): head = .literal(.null)
        case .name(let word):
            guard !Predicate.words.contains(word) else {
                throw problem("has \"\(word)\" where a value should stand")
            }
            head = .name(word)
        case .sign("[") where quotedName != nil:
            head = .name(quotedName ?? "")
            next += 2
        case .sign(let sign): throw problem("has \"\(sign)\" where a name or a value should stand")
        }
        next += 1
        var links: [Expression.Link] = []
        while let link = try link() { links.append(link) }
        return Expression(head: head, links: links, source: source(from: start))
    }

    /// The name in `["a.b"]` where such a one stands at the front.
    private var quotedName: String? {
        guard next + 2 < tokens.count, case .text(let name) = tokens[next + 1].kind,
            tokens[next + 2].kind == .sign("]")
        else { return nil }
        return name
    }

    private mutating func link() throws(SyntaxProblem) -> Expression.Link? {
        if take(".") {
            guard case .name(let member)? = kind else { throw problem("has a dot without a name after it") }
            next += 1
            return .step(.member(member))
        }
        if take("[") { return .step(try bracket()) }
        guard take("|") else { return nil }
        guard case .name(let word)? = kind else { throw problem("has a | without a filter after it") }
        guard let filter = Filter(rawValue: word) else {
            let known = Filter.allCases.map(\.rawValue).joined(separator: ", ")
            throw problem("uses the filter \"\(word)\", which does not exist; there are \(known)")
        }
        next += 1
        var arguments: [Expression] = []
        if take("(") {
            while !take(")") {
                if !arguments.isEmpty, !take(",") {
                    throw problem("lacks a comma or ) in the filter's arguments")
                }
                arguments.append(try expression())
            }
        }
        guard filter.arity.contains(arguments.count) else {
            throw problem(
                "gives the filter \"\(word)\" \(arguments.count) arguments; it takes \(filter.arity.upperBound)"
            )
        }
        try check(filter, arguments)
        return .filter(filter, arguments)
    }

    private func check(_ filter: Filter, _ arguments: [Expression]) throws(SyntaxProblem) {
        guard let first = arguments.first, case .literal(let value) = first.head, first.links.isEmpty else {
            return
        }
        switch filter {
        case .date where !Filter.dateForms.contains(value.stringValue ?? ""):
            throw problem(
                "asks for a date form that does not exist; there are \(Filter.dateForms.joined(separator: ", "))"
            )
        case .plus where !isDuration(value), .minus where !isDuration(value):
            throw problem("needs an ISO 8601 duration such as 'PT5M' in \(filter.rawValue)")
        default: return
        }
    }

    private func isDuration(_ value: Value) -> Bool {
        value.stringValue.flatMap { Duration(iso8601: $0) } != nil
    }

    private mutating func bracket() throws(SyntaxProblem) -> PathStep {
        let step: PathStep
        switch kind {
        case .sign("*"):
            next += 1
            step = .any
        case .number(let digits):
            guard let place = Int(digits) else {
                throw problem("has a place in brackets that is no whole number")
            }
            next += 1
            step = .index(place)
        case .text(let name), .name(let name):
            next += 1
            let caseBlind = take("~=")
            if caseBlind || take("=") {
                step = .matching(key: name, equals: try operand(), caseBlind: caseBlind)
            } else if case .text = tokens[next - 1].kind {
                step = .member(name)
            } else {
                throw problem("needs quotation marks, = or ~= after \"\(name)\" in brackets")
            }
        default: throw problem("has brackets that hold neither *, a place, a name nor a comparison")
        }
        guard take("]") else { throw problem("lacks a ]") }
        return step
    }

    /// What `[key=…]` compares with: a quoted or bare word, a number, or a path in parentheses.
    private mutating func operand() throws(SyntaxProblem) -> Expression {
        if take("(") {
            let inner = try expression()
            guard take(")") else { throw problem("lacks a )") }
            return inner
        }
        let start = next
        if case .name(let word)? = kind {
            // A bare word is a text here: [Name=ReportId] reads better than quotes inside JSON quotes.
            var whole = word
            next += 1
            while take(".") {
                guard case .name(let more)? = kind else { throw problem("has a dot without a name after it") }
                whole += "." + more
                next += 1
            }
            return Expression(head: .literal(.string(whole)), links: [], source: source(from: start))
        }
        return try expression()
    }

    // MARK: Predicates

    mutating func predicate() throws(SyntaxProblem) -> Predicate.Node {
        try descend()
        defer { depth -= 1 }
        var node = try conjunction()
        while take(word: "or") { node = .or(node, try conjunction()) }
        return node
    }

    private mutating func conjunction() throws(SyntaxProblem) -> Predicate.Node {
        var node = try negation()
        while take(word: "and") { node = .and(node, try negation()) }
        return node
    }

    private mutating func negation() throws(SyntaxProblem) -> Predicate.Node {
        try descend()
        defer { depth -= 1 }
        if take(word: "not") { return .not(try negation()) }
        if take("(") {
            let inner = try predicate()
            guard take(")") else { throw problem("lacks a )") }
            return inner
        }
        let left = try expression()
        if take(word: "exists") { return .exists(left) }
        if take(word: "not") {
            guard take(word: "in") else {
                throw problem("has \"not\" after a value without \"in\" behind it")
            }
            return .not(.among(left, try choices()))
        }
        if take(word: "in") { return .among(left, try choices()) }
        for comparison in Predicate.Comparison.allCases where take(comparison) {
            return .compare(left, comparison, try expression())
        }
        return .holds(left)
    }

    private mutating func choices() throws(SyntaxProblem) -> [Expression] {
        let close = take("(") ? ")" : take("[") ? "]" : nil
        guard let close else { return [try expression()] }
        var choices: [Expression] = []
        while !take(close) {
            if !choices.isEmpty, !take(",") {
                throw problem("lacks a comma or \(close) in the list after \"in\"")
            }
            choices.append(try expression())
        }
        return choices
    }

    // MARK: Tokens

    private var kind: Token.Kind? { isAtEnd ? nil : tokens[next].kind }

    private mutating func take(_ sign: String) -> Bool {
        guard kind == .sign(sign) else { return false }
        next += 1
        return true
    }

    private mutating func take(word: String) -> Bool {
        guard kind == .name(word) else { return false }
        next += 1
        return true
    }

    private mutating func take(_ comparison: Predicate.Comparison) -> Bool {
        take(comparison.rawValue) || take(word: comparison.rawValue)
    }

    private mutating func descend() throws(SyntaxProblem) {
        depth += 1
        guard depth <= Self.deepest else { throw problem("is nested deeper than \(Self.deepest) levels") }
    }

    private func source(from start: Int) -> String {
        guard start > 0 || !isAtEnd else { return text }
        return tokens[start..<next].map { token in
            switch token.kind {
            case .name(let word): word
            case .text(let value): "'\(value)'"
            case .number(let digits): digits
            case .sign(let sign): sign
            }
        }.joined()
    }
}
