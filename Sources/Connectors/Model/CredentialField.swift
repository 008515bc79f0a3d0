// SPDX-License-Identifier: Apache-2.0
import JSON

/// One field of the form in which a person enters what a connection needs.
package struct CredentialField: Sendable, Equatable {
    /// What is typed into the field.
    package enum Kind: String, Sendable, CaseIterable {
        /// A GUID in its usual form.
        case guid
        /// A host name such as `contoso.example`.
        case domain
        /// Any text.
        case text
        /// A whole https address.
        case url
        /// One of the field's ``CredentialField/choices``.
        case choice
        /// A secret text, such as a client secret or an API token.
        case secret
        /// A certificate with its private key, given as a file.
        case certificate
        /// A token file written by somebody else, read at each request.
        case federated

        /// Whether the value must never be shown.
        package var isSecret: Bool { self == .secret || self == .certificate || self == .federated }
    }

    /// What is done to a value before it is looked at.
    package enum Normalisation: String, Sendable, CaseIterable {
        /// Drops white space at both ends.
        case trim
        /// Makes letters small.
        case lower
        /// Trims and drops characters nobody sees.
        case clean
    }

    /// A value that would be accepted and is certainly wrong, with the sentence that says so.
    package struct Rejection: Sendable, Equatable {
        /// What the value looks like, `guid` or `domain`, or nothing.
        package let shape: Kind?
        /// A condition over `value` and `credentials`, or nothing.
        package let condition: Predicate?
        /// What to tell the person.
        package let say: String
    }

    /// The name that expressions and answers files use.
    package let name: String
    /// What is typed into it.
    package let kind: Kind
    /// The label people know.
    package let label: String
    /// What it is, in a sentence.
    package let help: String
    /// Where to find it.
    package let `where`: String?
    /// A link to the place where it is found.
    package let link: Template?
    /// What one looks like.
    package let example: String?
    /// Whether a connection needs it.
    package let isRequired: Bool
    /// The field that makes this one dispensable, because this one can be found out from it.
    package let requiredUnless: String?
    /// The value where none is given.
    package let `default`: String?
    /// Whether forms show it only when asked for more.
    package let isAdvanced: Bool
    /// The values to choose from, for the kind `choice`.
    package let choices: [String]
    /// What is done to a value before it is looked at.
    package let normalise: [Normalisation]
    /// When a value counts as not given at all; a condition over `value` and `credentials`.
    package let absentIf: Predicate?
    /// Values that are refused with a reason.
    package let reject: [Rejection]

    /// Whether the value must never be shown.
    package var isSecret: Bool { kind.isSecret }
}

extension CredentialField {
    init(_ node: Node) {
        var fields = Fields(node)
        name = fields.required("name")?.identifier() ?? ""
        kind = fields.required("type")?.choice(Kind.self) ?? .text
        label = fields.text("label")
        help = fields.text("help")
        `where` = fields.optionalText("where")
        link = fields.optional("link")?.template(.words)
        example = fields.optionalText("example")
        isRequired = fields.flag("required", else: false)
        requiredUnless = fields.optionalText("requiredUnless")
        `default` = fields.optionalText("default")
        isAdvanced = fields.flag("advanced", else: false)
        choices = fields.texts("choices")
        normalise = fields.list("normalise") { $0.choice(Normalisation.self) }
        absentIf = fields.optional("absentIf")?.predicate(.form)
        reject = fields.list("reject") { Rejection($0) }
        fields.end()
        if kind == .choice, choices.isEmpty {
            node.note(.missingKey, "offers no choices.", fix: "Add \"choices\".")
        }
        if isSecret, `default` != nil {
            node.note(.secret, "has a default for a secret.", fix: "Leave \"default\" out.")
        }
    }
}

extension CredentialField.Rejection {
    init(_ node: Node) {
        var fields = Fields(node)
        shape = fields.optional("shape")?.choice(CredentialField.Kind.self)
        condition = fields.optional("if")?.predicate(.form)
        say = fields.text("say")
        fields.end()
        if shape == nil, condition == nil {
            node.note(.missingKey, "says neither a shape nor a condition.", fix: "Add \"shape\" or \"if\".")
        }
    }
}
