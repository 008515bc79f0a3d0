// SPDX-License-Identifier: Apache-2.0
import JSON

/// Why a definition, a folder of them or the list of clouds cannot be used.
package enum ConnectorFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// No definition of that id is in the folders that were read.
    case unknown(id: String, known: [String])
    /// The connector of that id is no more; the words say what to use.
    case retired(id: String, words: String)
    /// A file or folder could not be read.
    case unreadable(file: String, why: String)
    /// The file was read and breaks the language's rules.
    case refused(Finding, others: Int)
    /// What a connection selects of a stream's records cannot be read any more.
    case selection(String)
    /// The definition was written for a later Headgate.
    case newer(file: String, version: Int)
    /// A definition of the home's own that nobody has trusted as it is.
    case untrusted(id: String, hasChanged: Bool)
    /// A connection was set up with a version that this definition does not know how to carry over.
    case notCarried(id: String, from: String, to: String, isNewer: Bool)
    /// A connection was set up with a version that did not ask for a field which is needed now.
    case lacking(id: String, field: String, from: String, to: String)
    /// A file that should hold an answer of a service and does not.
    case noAnswer(file: String, why: String)

    package var description: String {
        switch self {
        case .unknown(let id, let known):
            return "There is no connector \"\(id)\"; "
                + (known.isEmpty
                    ? "no connector was found at all. Set HEADGATE_SHARE to the folder that holds connectors/."
                    : "there are \(known.joined(separator: ", ")).")
        case .retired(_, let words): return words
        case .unreadable(let file, let why):
            return
                "\(file) could not be read: \(why). Put it right or restore it from the release, then try again."
        case .refused(let finding, let others):
            let more = others == 0 ? "" : " (and \(others) more; run headgate connector lint)"
            return "\(finding.file) cannot be used: line \(finding.line), "
                + "\(finding.pointer.description.isEmpty ? "/" : finding.pointer.description): "
                + "\(finding.message) \(finding.fix)\(more)"
        case .selection(let why):
            return
                "What is selected of the stream's records cannot be read, so that nothing is stored: \(why) "
                + "Add the connection again with \"select\" put right."
        case .newer(let file, let version):
            return
                "\(file) is written in version \(version) of the connector language; this Headgate knows version "
                + "\(Definition.language). Update Headgate, or use an older release of the connector."
        case .untrusted(let id, let hasChanged):
            return
                "The definition \"\(id)\" "
                + (hasChanged ? "has changed since it was trusted" : "is not trusted yet")
                + ": see what it does and agree with headgate connector trust \(id)."
        case .notCarried(let id, let from, let to, let isNewer):
            let why = isNewer ? "which is newer" : "and nothing says how to carry it over"
            return
                "The connection was set up with version \(from) of \"\(id)\", this is version \(to), \(why): "
                + (isNewer ? "install that version or a later one." : "add the connection again.")
        case .lacking(let id, let field, let from, let to):
            return
                "\(field) is needed since version \(to) of \"\(id)\", and this connection was set up with version "
                + "\(from), which did not ask for it: add the connection again."
        case .noAnswer(let file, let why):
            return
                "\(file) holds no answer: \(why). Give what `curl -i` prints, or the JSON of an \"answer\" as tests have it."
        }
    }
}

extension ConnectorFailure {
    /// What a person does about a definition that is refused for a connection that is set up.
    package var remedy: Remedy {
        switch self {
        case .untrusted(let id, let hasChanged):
            Remedy(
                id: "host.trust",
                title: hasChanged ? "Look at the changed definition" : "Look at the definition",
                cause:
                    "A definition of one's own decides where credentials go, so a person must agree to it as it is.",
                steps: [
                    "Read what it would do: headgate connector trust \(id)",
                    "Agree only if each host is one that may have the credential.",
                ],
                who: "whoever looks after this host",
                where: nil,
                takes: "a few minutes; collection goes on by itself",
                next: "headgate connector trust \(id)"
            )
        case .notCarried, .lacking:
            Remedy(
                id: "host.version",
                title: "Set the connection up with this version",
                cause: "The definition asks for something else than when this connection was set up.",
                steps: [
                    "See what it asks for: headgate connector show",
                    "Add the connection again under its name; nothing is collected twice.",
                    "Or install the version it was set up with.",
                ],
                who: "whoever sets up this connection",
                where: nil,
                takes: "a few minutes; collection goes on by itself",
                next: "headgate connection add --answers FILE"
            )
        default:
            Remedy(
                id: "host.definition",
                title: "Put the definition right",
                cause: "What this connection collects is written in a definition that cannot be used.",
                steps: ["See what is wrong with it: headgate connector lint", "Correct it or restore it."],
                who: "whoever looks after this host",
                where: nil,
                takes: "a few minutes; collection goes on by itself",
                next: "headgate connector lint"
            )
        }
    }
}
