// SPDX-License-Identifier: Apache-2.0

/// Why a test could not even begin.
enum RehearsalFailure: Error, Sendable, Equatable, CustomStringConvertible {
    case noFolder(base: String, why: String)
    case unknownCloud(String, known: [String])

    var description: String {
        switch self {
        case .noFolder(let base, let why):
            "nothing can be written to \(base): \(why); set TMPDIR to another folder"
        case .unknownCloud(let name, let known):
            "\"given\" names the cloud \"\(name)\", which does not exist; there are \(known.joined(separator: ", "))"
        }
    }
}
