// SPDX-License-Identifier: Apache-2.0

/// Why a flow could not be led on, each with a sentence for a person.
package enum WizardFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// An answer that was given ahead cannot be taken.
    case answer(String, String)
    /// There is no flow of that id, or it does not read.
    case flow(String)
    /// The walk that was to be taken up again is not there.
    case noWalk(String)
    /// Something is set up already under another name.
    case taken(String)

    package var description: String {
        switch self {
        case .answer(let name, let why): "The answer \"\(name)\" cannot be taken: \(why)."
        case .flow(let why): why
        case .noWalk(let id):
            "There is nothing to take up under \(id): it is over, or was given up more than 30 days ago. Begin anew with: headgate onboard"
        case .taken(let why): why
        }
    }
}
