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
        }
    }
}
