// SPDX-License-Identifier: Apache-2.0

/// What a person does about a trouble: the words of the definition, quoted by every face of Headgate.
package struct Remedy: Sendable, Equatable {
    /// Names the remedy within its definition, such as `secret-expired`.
    package let id: String
    /// Says in a few words what is wrong.
    package let title: String
    /// Says in a sentence or two why it happens.
    package let cause: String
    /// What to do, in order.
    package let steps: [String]
    /// The role that can do it.
    package let who: String
    /// A link to the page where it is done, when there is one.
    package let `where`: String?
    /// How long it takes, waiting included.
    package let takes: String
    /// What to run when it is done.
    package var next: String

    /// Creates a remedy from all its parts.
    package init(
        id: String,
        title: String,
        cause: String,
        steps: [String],
        who: String,
        where: String?,
        takes: String,
        next: String
    ) {
        self.id = id
        self.title = title
        self.cause = cause
        self.steps = steps
        self.who = who
        self.where = `where`
        self.takes = takes
        self.next = next
    }
}
