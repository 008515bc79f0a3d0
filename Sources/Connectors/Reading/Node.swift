// SPDX-License-Identifier: Apache-2.0
import Basics
package import JSON

/// A value of the document with its place, and the ways to read it as something.
///
/// Each way gives `nil` and notes why when the value is not that.
package struct Node {
    package let value: Value
    package let at: Pointer
    package let sheet: Sheet

    /// The value at `at` of the document that `sheet` is read into.
    package init(value: Value, at: Pointer, sheet: Sheet) {
        self.value = value
        self.at = at
        self.sheet = sheet
    }

    /// Notes what is wrong with it, in a sentence that goes on after its name.
    package func note(_ rule: Finding.Rule, _ message: String, fix: String) {
        let name = at.tokens.last.map { "\"\($0)\" " } ?? "The definition "
        sheet.note(rule, at, name + message, fix: fix)
    }

    /// A text that is not empty and hides nothing; `longest` counts bytes.
    package func text(upTo longest: Int = 8_000) -> String? {
        guard let text = value.stringValue else { return wrongType("a text in quotes") }
        guard !Text.trimmed(text).isEmpty else {
            note(.value, "is empty.", fix: "Write something, or leave the key out where it is optional.")
            return nil
        }
        if let hidden = text.unicodeScalars.first(where: Text.isDeceiving) {
            // A terminal would obey it, so that what a person agrees to need not be what they read.
            let number = String(hidden.value, radix: 16, uppercase: true)
            note(.value, "holds the control character U+\(number).", fix: "Take it out.")
            return nil
        }
        guard text.utf8.count <= longest else {
            note(.value, "is longer than \(longest) bytes.", fix: "Shorten it.")
            return nil
        }
        return text
    }

    /// A truth value.
    package func flag() -> Bool? {
        guard let flag = value.boolValue else { return wrongType("true or false") }
        return flag
    }

    /// A whole number of `range`.
    package func whole(_ range: ClosedRange<Int>) -> Int? {
        guard let number = value.int64 else { return wrongType("a whole number") }
        guard let whole = Int(exactly: number), range.contains(whole) else {
            note(
                .value,
                "is \(number).",
                fix: "Write a whole number from \(range.lowerBound) to \(range.upperBound)."
            )
            return nil
        }
        return whole
    }

    /// An ISO 8601 duration between two bounds.
    package func span(atLeast least: Duration = .zero, atMost most: Duration = .days(3_660)) -> Duration? {
        guard let text = value.stringValue else { return wrongType("an ISO 8601 duration such as \"PT5M\"") }
        guard let span = Duration(iso8601: text) else {
            note(
                .value,
                "is no duration: \"\(text)\".",
                fix: "Write an ISO 8601 duration such as \"PT5M\" or \"P7D\"."
            )
            return nil
        }
        guard span >= least, span <= most else {
            note(.value, "is \(text).", fix: "Write a duration from \(least.iso8601) to \(most.iso8601).")
            return nil
        }
        return span
    }

    /// One of a closed set of words, or of those of it that are `allowed` at this place.
    package func choice<Choice: RawRepresentable & CaseIterable>(
        _ type: Choice.Type,
        among allowed: [Choice]? = nil
    ) -> Choice? where Choice.RawValue == String {
        let names = (allowed ?? Array(Choice.allCases)).map(\.rawValue)
        guard let text = value.stringValue else {
            return wrongType("one of " + names.joined(separator: ", "))
        }
        guard names.contains(text), let choice = Choice(rawValue: text) else {
            let near = Near.miss(text, among: names).map { "Did you mean \"\($0)\"? " } ?? ""
            note(.value, "is \"\(text)\".", fix: near + "There are: \(names.joined(separator: ", ")).")
            return nil
        }
        return choice
    }

    /// The most elements or members that anything in a definition may have.
    private static let most = 2_000

    private func isEndless(_ count: Int) -> Bool {
        guard count > Self.most else { return false }
        note(.value, "has more than \(Self.most) elements.", fix: "Leave some out.")
        return true
    }

    /// What `read` makes of the elements of a list.
    package func list<Element>(atLeast least: Int = 0, _ read: (Node) -> Element?) -> [Element] {
        guard let elements = value.arrayValue else {
            wrongType("a list") as Void?
            return []
        }
        if isEndless(elements.count) { return [] }
        if elements.count < least {
            note(.value, "is empty.", fix: "Give at least \(least == 1 ? "one" : "\(least)").")
        }
        return elements.indices.compactMap { i in
            read(Node(value: elements[i], at: at.appending(i), sheet: sheet))
        }
    }

    /// Texts of a list, each once.
    package func texts(atLeast least: Int = 0) -> [String] {
        let texts = list(atLeast: least) { $0.text() }
        if Set(texts).count < texts.count {
            note(.value, "says the same thing twice.", fix: "Leave one of the two out.")
        }
        return texts
    }

    /// What `read` makes of the members of an object, in order.
    package func members<Element>(_ read: (String, Node) -> Element?) -> [Element] {
        guard let object = value.objectValue else {
            wrongType("an object") as Void?
            return []
        }
        if isEndless(object.count) { return [] }
        return object.members.compactMap { name, value in
            if name.unicodeScalars.contains(where: Text.isDeceiving) {
                note(.value, "has a member whose name holds a control character.", fix: "Take it out.")
                return nil
            }
            return read(name, Node(value: value, at: at.appending(name), sheet: sheet))
        }
    }

    /// A text with expressions that name what `scope` knows.
    package func template(_ scope: Scope) -> Template? {
        guard let text = text() else { return nil }
        do {
            let template = try Template(text)
            scope.check(template.expressions.flatMap(\.paths), at: self, .template)
            return template
        } catch {
            note(
                .template,
                error.description + ".",
                fix: "An expression is written {{ path | filter(argument) }}."
            )
            return nil
        }
    }

    /// A condition that names what `scope` knows.
    package func predicate(_ scope: Scope) -> Predicate? {
        guard let text = text() else { return nil }
        do {
            let predicate = try Predicate(text)
            scope.check(predicate.paths, at: self, .predicate)
            return predicate
        } catch {
            note(
                .predicate,
                error.description + ".",
                fix: "A condition is written such as: path == 'text' and other exists."
            )
            return nil
        }
    }

    /// A value whose texts are templates; in a flow, lists may be made from lists.
    package func valueTemplate(_ scope: Scope) -> ValueTemplate? {
        if value[ValueTemplate.Each.key] != nil { return each(scope) }
        switch value {
        case .string(let text):
            guard text.contains("{{") else { return .plain(value) }
            return template(scope).map { .template($0) }
        case .array: return .array(list { $0.valueTemplate(scope) })
        case .object:
            return .object(
                members { name, node in node.valueTemplate(scope).map { .init(name: name, value: $0) } }
            )
        default: return .plain(value)
        }
    }

    private func each(_ scope: Scope) -> ValueTemplate? {
        guard scope.isFlow else {
            note(
                .conflict,
                "makes a list from a list, which requests of a flow only do.",
                fix: "Write the list out, or leave it out."
            )
            return nil
        }
        var fields = Fields(self)
        let list = fields.required(ValueTemplate.Each.key)
        let element = fields.required("as")
        fields.end()
        guard let list, let element, let text = list.text(upTo: 500) else { return nil }
        let expression: Expression
        do throws(SyntaxProblem) {
            var parser = try ExpressionParser(text)
            expression = try parser.expression()
            try parser.expectEnd()
        } catch {
            list.note(
                .template,
                error.description + ".",
                fix: "Write a path to a list without braces, such as \"resource.permissions\"."
            )
            return nil
        }
        scope.check(expression.paths, at: list, .template)
        guard let name = ValueTemplate.Each.name(of: expression) else {
            list.note(
                .value,
                "does not say what one element of it is.",
                fix: "End the path in \"resources\" or \"permissions\"."
            )
            return nil
        }
        return element.valueTemplate(scope).map { .each(.init(list: expression, name: name, element: $0)) }
    }

    /// A JSON Pointer.
    package func pointer() -> Pointer? {
        guard let text = value.stringValue else { return wrongType("a JSON Pointer") }
        guard let pointer = Pointer(text) else {
            note(
                .value,
                "is no JSON Pointer: \"\(text)\".",
                fix: "Write \"\" for the whole answer or \"/a/b\" for a member."
            )
            return nil
        }
        return pointer
    }

    /// A dotted path of plain names into an event, such as `status.errorCode`; `["a.b"]` quotes a name with dots.
    func fieldPath() -> FieldPath? {
        guard let text = text(upTo: 500) else { return nil }
        var parser = try? ExpressionParser(text)
        guard let expression = try? parser?.expression(), parser?.isAtEnd == true,
            case .name(let first) = expression.head
        else {
            note(
                .value,
                "is no path to a field: \"\(text)\".",
                fix: "Write names with dots between them, such as \"a.b\"."
            )
            return nil
        }
        var names = [first]
        for link in expression.links {
            guard case .step(.member(let name)) = link else {
                note(
                    .value,
                    "takes more than names: \"\(text)\".",
                    fix: "Only plain names with dots may stand here."
                )
                return nil
            }
            names.append(name)
        }
        return FieldPath(names)
    }

    /// A path into an event with what is done to it, without the braces, such as `Data|json.Name | lower`.
    func eventExpression() -> Expression? {
        guard let text = text(upTo: 500) else { return nil }
        do throws(SyntaxProblem) {
            var parser = try ExpressionParser(text)
            let expression = try parser.expression()
            try parser.expectEnd()
            guard case .name = expression.head else { throw parser.problem("reads nothing of the record") }
            return expression
        } catch {
            note(
                .template,
                error.description + ".",
                fix: "Write a path into the record, such as \"a.b | lower\"."
            )
            return nil
        }
    }

    /// An id that files, lines and commands can carry.
    package func identifier() -> String? {
        guard let text = text(upTo: 63) else { return nil }
        guard Identifier.isName(text) else {
            note(
                .value,
                "is \"\(text)\".",
                fix:
                    "Use letters, digits, dot, underscore and hyphen, starting with a letter or digit, without two dots in a row."
            )
            return nil
        }
        return text
    }

    /// A whole address that starts with https.
    package func link() -> String? {
        guard let text = text(upTo: 2_000) else { return nil }
        guard text.hasPrefix("https://"), text.utf8.count > 8, !text.contains(" ") else {
            note(.value, "is no link: \"\(text)\".", fix: "Write a whole address that starts with https://.")
            return nil
        }
        return text
    }

    @discardableResult
    func wrongType<Nothing>(_ wanted: String) -> Nothing? {
        note(.type, "is of the type \(value.kind).", fix: "Write \(wanted).")
        return nil
    }
}
