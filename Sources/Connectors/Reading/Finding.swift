// SPDX-License-Identifier: Apache-2.0
package import JSON

/// One thing wrong with a definition: where, by which rule, and how to put it right.
package struct Finding: Sendable, Hashable, CustomStringConvertible {
    /// The rules that lint knows.
    package enum Rule: String, Sendable, CaseIterable {
        /// The file is no JSON, or says a member twice.
        case json
        /// The file is written in a language version this host does not know.
        case language
        /// A key that the language does not have.
        case unknownKey = "unknown-key"
        /// A key that must be there and is not.
        case missingKey = "missing-key"
        /// A value of the wrong type.
        case type
        /// A value of the right type that is out of bounds or out of form.
        case value
        /// A template that does not compile or names what is not there.
        case template
        /// A predicate that does not compile or names what is not there.
        case predicate
        /// A secret where no secret may stand.
        case secret
        /// A name that refers to nothing, or is given twice.
        case reference
        /// An address that is not allowed.
        case host
        /// A trouble a person must act on, without the words for it.
        case remedy
        /// A setting that contradicts another.
        case conflict
        /// A definition that cannot say how it is tested.
        case tests
        /// A file that belongs beside the definition and is not there.
        case file
        /// A claimed tier that the definition does not reach.
        case tier
    }

    /// The file, relative to the folder that was read.
    package let file: String
    /// The place inside the file.
    package let pointer: Pointer
    /// The line, counted from 1.
    package let line: Int
    /// The column, counted from 1.
    package let column: Int
    /// The rule that was broken.
    package let rule: Rule
    /// What is wrong, as a sentence.
    package let message: String
    /// What to do about it, as a sentence.
    package let fix: String

    /// Creates a finding from all its parts.
    package init(
        file: String,
        pointer: Pointer,
        line: Int,
        column: Int,
        rule: Rule,
        message: String,
        fix: String
    ) {
        self.file = file
        self.pointer = pointer
        self.line = line
        self.column = column
        self.rule = rule
        self.message = message
        self.fix = fix
    }

    package var description: String {
        "\(file):\(line):\(column): \(rule.rawValue) at \(pointer.description.isEmpty ? "/" : pointer.description): "
            + "\(message) \(fix)"
    }

    /// The finding as `connector lint --json` writes it.
    package var json: Value {
        .object(
            Object([
                ("file", .string(file)), ("pointer", .string(pointer.description)),
                ("line", .int(Int64(line))),
                ("column", .int(Int64(column))), ("rule", .string(rule.rawValue)),
                ("message", .string(message)),
                ("fix", .string(fix)),
            ])
        )
    }
}
