// SPDX-License-Identifier: Apache-2.0
import Basics
import JSON

/// A filter expression: comparisons that must all hold, as the services that are simulated take them.
struct Filter: Sendable {
    /// How a property is compared.
    enum Comparison: String, Sendable { case eq, ne, gt, ge, lt, le, startswith, contains, element }

    /// One comparison.
    struct Term: Sendable {
        var property: String
        var comparison: Comparison
        /// What is compared with; several for an element of a collection, one of which must meet.
        var values: [String]
        var quoted: Bool
        /// The property of an element of a collection.
        var inner = ""
    }

    var terms: [Term] = []

    /// Reads a filter; `nil` if it makes no sense.
    init?(_ text: String) {
        guard let tokens = Token.list(text) else { return nil }
        var parser = Parser(tokens: tokens[...])
        guard parser.conjunction(), parser.tokens.isEmpty else { return nil }
        terms = parser.terms
    }

    /// Whether every comparison holds of an item.
    func matches(_ item: Value) -> Bool { terms.allSatisfy { $0.matches(item) } }
}

extension Filter.Term {
    /// The instant that is compared with; `nil` if it is none, or if it was quoted.
    var instant: Timestamp? { quoted || values.count != 1 ? nil : Timestamp(iso8601: values[0]) }

    /// Whether it holds of an item.
    func matches(_ item: Value) -> Bool {
        let found = Self.find(property, in: item)
        if comparison == .element {
            return found?.arrayValue?.contains { element in
                let text = (inner.isEmpty ? element : Self.find(inner, in: element) ?? .null).comparable
                return values.contains(text)
            } ?? false
        }
        let (text, value) = ((found ?? .null).comparable, values.first ?? "")
        switch comparison {
        case .eq where instant == nil: return text == value
        case .ne where instant == nil: return text != value
        case .startswith: return text.lowercased().hasPrefix(value.lowercased())
        case .contains: return text.contains(value)
        default:
            guard let left = Timestamp(iso8601: text), let right = Timestamp(iso8601: value) else {
                return false
            }
            switch comparison {
            case .eq: return left == right
            case .ne: return left != right
            case .gt: return left > right
            case .ge: return left >= right
            case .lt: return left < right
            default: return left <= right
            }
        }
    }

    private static func find(_ path: String, in item: Value) -> Value? {
        path.split { $0 == "/" || $0 == "." }.reduce(item as Value?) { $0?[String($1)] }
    }
}

extension Value {
    /// Its text as a filter compares it.
    fileprivate var comparable: String { stringValue ?? text() }
}

extension Filter {
    private enum Token: Equatable {
        case word(String), quoted(String), open, close, comma

        /// The tokens of a filter; `nil` where a quotation does not end.
        static func list(_ text: String) -> [Token]? {
            var tokens: [Token] = []
            var word = ""
            var rest = text[...]
            func end() {
                if !word.isEmpty { tokens.append(.word(word)) }
                word = ""
            }
            while let character = rest.popFirst() {
                switch character {
                case "(", ")", ",":
                    end()
                    tokens.append(character == "(" ? .open : character == ")" ? .close : .comma)
                case " ", "\t": end()
                case "'", "\"":
                    end()
                    var quoted = ""
                    while true {
                        guard let next = rest.popFirst() else { return nil }
                        if next != character {
                            quoted.append(next)
                        } else if rest.first == character {
                            rest.removeFirst()
                            quoted.append(next)
                        } else {
                            break
                        }
                    }
                    tokens.append(.quoted(quoted))
                default: word.append(character)
                }
            }
            end()
            return tokens
        }
    }

    private struct Parser {
        var tokens: ArraySlice<Token>
        var terms: [Term] = []
        var depth = 0

        /// Comparisons with `and` between them.
        mutating func conjunction() -> Bool {
            repeat { guard factor() else { return false } } while take("and")
            return true
        }

        private mutating func factor() -> Bool {
            if tokens.first == .open {
                guard depth < 32 else { return false }
                depth += 1
                defer { depth -= 1 }
                tokens.removeFirst()
                return conjunction() && take(.close)
            }
            guard case .word(let word)? = tokens.popFirst() else { return false }
            if tokens.first == .open {
                tokens.removeFirst()
                return word.hasSuffix("/any") ? lambda(String(word.dropLast(4))) : call(word.lowercased())
            }
            guard case .word(let name)? = tokens.popFirst(),
                let comparison = Self.comparisons[name.lowercased()],
                let (value, quoted) = literal()
            else { return false }
            terms.append(Term(property: word, comparison: comparison, values: [value], quoted: quoted))
            return true
        }

        /// `startswith(property,'text')`.
        private mutating func call(_ name: String) -> Bool {
            guard let comparison = Self.comparisons[name], case .word(let property)? = tokens.popFirst(),
                take(.comma), let (value, quoted) = literal(), take(.close)
            else { return false }
            terms.append(Term(property: property, comparison: comparison, values: [value], quoted: quoted))
            return true
        }

        /// `t: t eq 'text' or t eq 'text'`, of the elements of a collection.
        private mutating func lambda(_ property: String) -> Bool {
            guard case .word(let first)? = tokens.popFirst(), let colon = first.firstIndex(of: ":") else {
                return false
            }
            let variable = first[..<colon]
            var pending = String(first[first.index(after: colon)...])
            var term = Term(property: property, comparison: .element, values: [], quoted: true)
            repeat {
                if pending.isEmpty {
                    guard case .word(let next)? = tokens.popFirst() else { return false }
                    pending = next
                }
                let path = pending.split(separator: "/", omittingEmptySubsequences: false)
                pending = ""
                guard path.first == variable, take("eq"), let (value, _) = literal() else { return false }
                term.inner = path.dropFirst().joined(separator: "/")
                term.values.append(value)
            } while take("or")
            terms.append(term)
            return take(.close)
        }

        private mutating func literal() -> (String, quoted: Bool)? {
            switch tokens.popFirst() {
            case .word(let text)?: (text, false)
            case .quoted(let text)?: (text, true)
            default: nil
            }
        }

        private mutating func take(_ word: String) -> Bool {
            guard case .word(let found)? = tokens.first, found.lowercased() == word else { return false }
            tokens.removeFirst()
            return true
        }

        private mutating func take(_ token: Token) -> Bool {
            guard tokens.first == token else { return false }
            tokens.removeFirst()
            return true
        }

        private static let comparisons: [String: Comparison] = [
            "eq": .eq, "ne": .ne, "gt": .gt, "ge": .ge, "lt": .lt, "le": .le, "startswith": .startswith,
            "sw": .startswith, "contains": .contains, "co": .contains,
        ]
    }
}
