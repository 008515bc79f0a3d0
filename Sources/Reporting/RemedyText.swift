// SPDX-License-Identifier: Apache-2.0
package import Connectors

/// A remedy for a person: what to do, who can do it where, and what to run then.
package enum RemedyText {
    /// Its lines within the style's width, each behind `indent`; only its title where the page has to be short.
    package static func lines(_ remedy: Remedy, style: Style, indent: String) -> [String] {
        var lines = style.wrapped("fix: \(remedy.title)", indent: indent, hanging: "     ")
        if style.isShort { return lines }
        for (number, step) in remedy.steps.enumerated() {
            lines += style.wrapped("\(number + 1). \(step)", indent: indent + "  ", hanging: "   ")
        }
        let facts = [
            remedy.who.isEmpty ? nil : "who: \(remedy.who)", remedy.where.map { "where: \($0)" },
            remedy.takes.isEmpty ? nil : "takes: \(remedy.takes)",
        ]
        for fact in facts.compactMap({ $0 }) {
            lines += style.wrapped(fact, indent: indent, hanging: "     ")
        }
        if !remedy.next.isEmpty {
            lines += style.wrapped("then: \(remedy.next)", indent: indent, hanging: "      ")
        }
        return lines
    }
}
