// SPDX-License-Identifier: Apache-2.0
import Connectors
import JSON

/// A text that lies beside a flow and is filled in for one customer: a page, a letter, a script.
///
/// A line that names a `permission` stands once for each permission, one that names a `resource` once for each API. In
/// a page every value is escaped, so that no name of a customer can become a part of it.
struct TextFile {
    private let lines: [Substring]
    private let isPage: Bool

    init(_ text: String, isPage: Bool) {
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        self.isPage = isPage
    }

    /// The text with everything filled in; throws ``WizardFailure`` for a text that does not read.
    func text(in names: Names) throws -> String {
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
                let filled = (try? template.text(in: names, encode: isPage ? Self.escaped : { $0 })) ?? ""
                out.append(filled)
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
