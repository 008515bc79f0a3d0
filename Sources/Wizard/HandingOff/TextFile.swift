// SPDX-License-Identifier: Apache-2.0
package import Connectors
import JSON

/// A text that lies beside a flow and is filled in for one customer: a page, a letter, a script.
///
/// A line that names a `permission` stands once for each permission, one that names a `resource` once for each API. In
/// a page every value is escaped, so that no name of a customer can become a part of it.
package struct TextFile: Sendable {
    /// What a text is written for.
    package enum Form: Sendable {
        /// A page, in which values are escaped.
        case page
        /// A letter to be read, in which lines that values made long are broken.
        case letter
        /// Anything else, which stays as it is.
        case script
    }

    private let lines: [Substring]
    private let form: Form
    /// How wide a letter's lines are, in characters; mail programs break longer ones anywhere.
    private static let width = 78

    /// Takes the text as it lies beside the flow.
    package init(_ text: String, _ form: Form) {
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        self.form = form
    }

    /// The text with everything filled in; throws ``WizardFailure`` for a text that does not read.
    package func text(in names: Names) throws -> String {
        var out: [String] = []
        for (number, line) in lines.enumerated() {
            guard line.contains("{{") else {
                out.append(String(line))
                continue
            }
            let template: Template
            do { template = try Template(String(line)) } catch {
                throw WizardFailure.flow("Line \(number + 1) of a text does not read: \(error).")
            }
            let roots = Set(template.expressions.flatMap(\.paths).map(\.name))
            for names in Self.each(roots, names) {
                let encode = form == .page ? Self.escaped : { $0 }
                let filled = (try? template.text(in: names, encode: encode)) ?? ""
                out += form == .letter ? Self.broken(filled) : [filled]
            }
        }
        return out.joined(separator: "\n")
    }

    /// The names for each standing of a line.
    private static func each(_ roots: Set<String>, _ names: Names) -> [Names] {
        let resources = names["resources"]?.arrayValue ?? []
        if roots.contains("permission") {
            return resources.flatMap { resource in
                (resource["permissions"]?.arrayValue ?? []).map {
                    names.with("resource", resource).with("permission", $0)
                }
            }
        }
        if roots.contains("resource") { return resources.map { names.with("resource", $0) } }
        return [names]
    }

    /// A line in lines of a letter's width, the later ones as far in as the first; what has lines of its own stays.
    package static func broken(_ line: String) -> [String] {
        guard line.count > width, !line.contains("\n") else { return [line] }
        let indent = line.prefix { $0 == " " }
        var lines: [String] = []
        var present = String(indent)
        for word in line.split(separator: " ") {
            if present.count > indent.count, present.count + 1 + word.count > width {
                lines.append(present)
                present = indent + "  "
            }
            present += (present.last == " " || present.isEmpty ? "" : " ") + word
        }
        return lines + [present]
    }

    static func escaped(_ text: String) -> String {
        text.reduce(into: "") { out, character in
            switch character {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            case "'": out += "&#39;"
            default: out.append(character)
            }
        }
    }
}
