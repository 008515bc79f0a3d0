// SPDX-License-Identifier: Apache-2.0
package import JSON

/// A text with `{{ expressions }}` in it, compiled once.
package struct Template: Sendable, Equatable, CustomStringConvertible {
    /// A stretch of a template.
    package enum Part: Sendable, Equatable {
        /// Taken as it is.
        case text(String)
        /// Replaced by its value.
        case expression(Expression)
    }

    /// Its stretches in order.
    package let parts: [Part]
    /// The text it was compiled from.
    package let source: String

    package var description: String { source }

    /// Compiles `text`.
    package init(_ text: String) throws(SyntaxProblem) {
        guard Self.hasDoubleBrace(text) else {
            (parts, source) = (text.isEmpty ? [] : [.text(text)], text)
            return
        }
        var parts: [Part] = []
        let characters = Array(text)
        var plain = ""
        var i = 0
        while i < characters.count {
            guard characters[i...].starts(with: "{{") else {
                guard !characters[i...].starts(with: "}}") else {
                    throw SyntaxProblem(message: "closes an expression that was never opened", offset: i)
                }
                plain.append(characters[i])
                i += 1
                continue
            }
            guard let close = Self.close(characters, from: i + 2) else {
                throw SyntaxProblem(message: "opens an expression that is never closed", offset: i)
            }
            if !plain.isEmpty { parts.append(.text(plain)) }
            plain = ""
            var parser = try ExpressionParser(String(characters[(i + 2)..<close]), base: i + 2)
            parts.append(.expression(try parser.expression()))
            try parser.expectEnd()
            i = close + 2
        }
        if !plain.isEmpty { parts.append(.text(plain)) }
        self.parts = parts
        source = text
    }

    /// A template that stands for `text` as it is.
    package init(literal text: String) {
        parts = text.isEmpty ? [] : [.text(text)]
        source = text
    }

    /// The value it makes: that of its expression where it is nothing else, a text otherwise.
    package func value(in bindings: any Bindings) throws(TemplateFailure) -> Value {
        if parts.count == 1, case .expression(let expression) = parts[0] {
            guard let value = expression.value(in: bindings) else {
                throw TemplateFailure(expression: expression.source, reason: .missing)
            }
            return value
        }
        return .string(try text(in: bindings))
    }

    /// The text it makes; `encode` is applied to each value put in, never to the template's own text.
    package func text(
        in bindings: any Bindings,
        encode: (String) -> String = { $0 }
    ) throws(TemplateFailure) -> String {
        var out = ""
        for part in parts {
            switch part {
            case .text(let text): out += text
            case .expression(let expression):
                guard let value = expression.value(in: bindings) else {
                    throw TemplateFailure(expression: expression.source, reason: .missing)
                }
                guard let text = value.plainText else {
                    throw TemplateFailure(expression: expression.source, reason: .notText)
                }
                out += encode(text)
            }
        }
        return out
    }

    /// The text it makes, or `nil` where it is one expression that stands for nothing or null: a parameter left out.
    package func optionalText(
        in bindings: any Bindings,
        encode: (String) -> String = { $0 }
    ) throws(TemplateFailure) -> String? {
        if parts.count == 1, case .expression(let expression) = parts[0], expression.hasDefault,
            expression.value(in: bindings) ?? .null == .null
        {
            return nil
        }
        return try text(in: bindings, encode: encode)
    }

    /// Every expression in it.
    package var expressions: [Expression] {
        parts.compactMap { if case .expression(let expression) = $0 { expression } else { nil } }
    }

    /// Most texts of a definition have no expression, and bytes tell that sooner than characters.
    private static func hasDoubleBrace(_ text: String) -> Bool {
        var last: UInt8 = 0
        for byte in text.utf8 {
            if byte == last, byte == UInt8(ascii: "{") || byte == UInt8(ascii: "}") { return true }
            last = byte
        }
        return false
    }

    private static func close(_ characters: [Character], from start: Int) -> Int? {
        var quote: Character?
        var i = start
        while i < characters.count {
            if let open = quote {
                if characters[i] == "\\" { i += 1 } else if characters[i] == open { quote = nil }
            } else if characters[i] == "'" || characters[i] == "\"" {
                quote = characters[i]
            } else if characters[i...].starts(with: "}}") {
                return i
            }
            i += 1
        }
        return nil
    }
}

/// An expression that could not be turned into what its place needs.
package struct TemplateFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// Why it could not.
    package enum Reason: Sendable, Equatable {
        /// It stands for nothing.
        case missing
        /// It stands for a list, an object or null where text is needed.
        case notText
        /// It stands for something else where a list is needed.
        case notList
    }

    /// The expression's text.
    package let expression: String
    /// Why it could not.
    package let reason: Reason

    package var description: String {
        switch reason {
        case .missing: "template: \(expression) is missing"
        case .notText: "template: \(expression) is not a text, a number or a truth value"
        case .notList: "template: \(expression) is not a list"
        }
    }
}
