// SPDX-License-Identifier: Apache-2.0
import JSON

/// Why a definition, a folder of them or the list of clouds cannot be used.
package enum ConnectorFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// No definition of that id is in the folders that were read.
    case unknown(id: String, known: [String])
    /// A file or folder could not be read.
    case unreadable(file: String, why: String)
    /// The file was read and breaks the language's rules.
    case refused(Finding, others: Int)
    /// The definition was written for a later Headgate.
    case newer(file: String, version: Int)
    /// A file that should hold an answer of a service and does not.
    case noAnswer(file: String, why: String)

    package var description: String {
        switch self {
        case .unknown(let id, let known):
            return "There is no connector \"\(id)\"; "
                + (known.isEmpty
                    ? "no connector was found at all. Set HEADGATE_SHARE to the folder that holds connectors/."
                    : "there are \(known.joined(separator: ", ")).")
        case .unreadable(let file, let why):
            return
                "\(file) could not be read: \(why). Put it right or restore it from the release, then try again."
        case .refused(let finding, let others):
            let more = others == 0 ? "" : " (and \(others) more; run headgate connector lint)"
            return "\(finding.file) cannot be used: line \(finding.line), "
                + "\(finding.pointer.description.isEmpty ? "/" : finding.pointer.description): "
                + "\(finding.message) \(finding.fix)\(more)"
        case .newer(let file, let version):
            return
                "\(file) is written in version \(version) of the connector language; this Headgate knows version "
                + "\(Definition.language). Update Headgate, or use an older release of the connector."
        case .noAnswer(let file, let why):
            return
                "\(file) holds no answer: \(why). Give what `curl -i` prints, or the JSON of an \"answer\" as tests have it."
        }
    }
}
