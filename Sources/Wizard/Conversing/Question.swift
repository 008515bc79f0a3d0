// SPDX-License-Identifier: Apache-2.0
package import Basics

/// What a person is asked, without a word on how it looks.
package struct Question: Sendable, Equatable {
    /// One of several answers.
    package struct Choice: Sendable, Equatable {
        package let id: String
        package let label: String
        package let help: String?

        /// Puts it together from its parts.
        package init(id: String, label: String, help: String? = nil) {
            self.id = id
            self.label = label
            self.help = help
        }
    }

    /// What kind of answer it takes.
    package enum Kind: Sendable, Equatable {
        case text
        /// Shown to nobody, not even while it is typed.
        case secret
        /// One of these.
        case one([Choice])
        /// Any number of these.
        case several([Choice])
        /// Only the word that something is done.
        case done
    }

    /// The answer's name, as answers files and messages use it.
    package let name: String
    package let words: String
    package let kind: Kind
    /// What it is, and where it is found, for a person who asks.
    package let help: [String]
    package let link: String?
    package let example: String?
    /// What an empty answer stands for.
    package let usual: String?
    package let isOptional: Bool

    /// Puts it together from its parts.
    package init(
        name: String,
        words: String,
        kind: Kind = .text,
        help: [String] = [],
        link: String? = nil,
        example: String? = nil,
        usual: String? = nil,
        isOptional: Bool = false
    ) {
        self.name = name
        self.words = words
        self.kind = kind
        self.help = help
        self.link = link
        self.example = example
        self.usual = usual
        self.isOptional = isOptional
    }
}

/// What a person answered.
package enum Reply: Sendable {
    case text(String)
    case secret(Secret)
    /// Nothing, where that is an answer.
    case nothing
    /// To the question before.
    case back
}

/// Why no answer came.
package enum Unanswered: Error, Sendable, Equatable {
    /// The person pressed Ctrl-C; the walk can be taken up again.
    case left
    /// The input ended.
    case ended
    /// Nobody is there to ask; these answers are missing.
    case missing([String])
}
