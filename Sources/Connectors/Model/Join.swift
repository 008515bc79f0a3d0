// SPDX-License-Identifier: Apache-2.0
import Basics
import JSON

/// How a derived stream puts two records of other streams together, whichever of them comes first.
package struct Join: Sendable, Equatable {
    /// Which of several left records with one key is taken.
    package enum Pick: String, Sendable, CaseIterable {
        /// The one that was stored first.
        case first
    }

    /// The records that something is to be said about.
    package struct Left: Sendable, Equatable {
        /// The member of the joined event under which it stands.
        package let name: String
        /// Which records it takes.
        package let `where`: Predicate
        /// What tells one from another.
        package let key: Expression
        /// Which of several with one key is taken.
        package let pick: Pick
    }

    /// The records that say something about left ones, and again each time it moves.
    package struct Right: Sendable, Equatable {
        /// The member of the joined event under which it stands.
        package let name: String
        /// Which records it takes.
        package let `where`: Predicate
        /// What stays the same while it moves.
        package let key: Expression
        /// Where it may name keys of left records, tried in this order.
        package let keys: [Expression]
        /// What is another with each move.
        package let latestBy: Expression
    }

    /// The longest time that records are held: less than keys are remembered, so that nothing is made twice.
    package static let longest = Duration.days(7)

    /// The records that something is said about.
    package let left: Left
    /// The records that say it.
    package let right: Right
    /// How far apart the two may be collected.
    package let within: Duration
    /// What must hold of the two together; `nil` takes every pair.
    package let emitWhen: Predicate?

    /// Whether a right record alone decides, so that one that does not fit need not be held.
    package var isDecidedByRight: Bool {
        emitWhen?.paths.allSatisfy { $0.name == right.name } ?? false
    }
}

extension Join {
    init?(_ node: Node) {
        var fields = Fields(node)
        let left = fields.required("left").flatMap { Left($0) }
        let right = fields.required("right").flatMap { Right($0) }
        within = fields.required("within")?.span(atLeast: .minutes(1), atMost: Self.longest) ?? .hours(48)
        let names = [left?.name, right?.name].compactMap(\.self)
        emitWhen = fields.optional("emitWhen")?.predicate(.join(names))
        fields.end()
        guard let left, let right else { return nil }
        if left.name == right.name {
            node.note(
                .conflict,
                "gives both records the name \"\(left.name)\".",
                fix: "Give left and right an \"as\" each."
            )
        }
        self.left = left
        self.right = right
    }

    /// The name of a member of the joined event, which conditions can speak of.
    fileprivate static func name(_ node: Node?) -> String? {
        guard let node, let path = node.fieldPath() else { return nil }
        guard path.names.count == 1, Scope.mayBeJoined(path.names[0]) else {
            node.note(
                .value,
                "is no name for a record: \"\(path)\".",
                fix: "Write one plain word, such as \"alert\"."
            )
            return nil
        }
        return path.names[0]
    }
}

extension Join.Left {
    init?(_ node: Node) {
        var fields = Fields(node)
        let name = Join.name(fields.required("as"))
        let condition = fields.required("where")?.predicate(.event)
        let key = fields.required("key")?.eventExpression()
        pick = fields.optional("pick")?.choice(Join.Pick.self) ?? .first
        fields.end()
        guard let name, let condition, let key else { return nil }
        (self.name, self.where, self.key) = (name, condition, key)
    }
}

extension Join.Right {
    init?(_ node: Node) {
        var fields = Fields(node)
        let name = Join.name(fields.required("as"))
        let condition = fields.required("where")?.predicate(.event)
        let key = fields.required("key")?.eventExpression()
        keys = fields.required("keys")?.list(atLeast: 1) { $0.eventExpression() } ?? []
        let latestBy = fields.required("latestBy")?.eventExpression()
        fields.end()
        guard let name, let condition, let key, let latestBy else { return nil }
        (self.name, self.where, self.key, self.latestBy) = (name, condition, key, latestBy)
    }
}
