// SPDX-License-Identifier: Apache-2.0

/// Why a flow could not be led on, each with a sentence for a person.
package enum WizardFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// An answer that was given ahead cannot be taken.
    case answer(String, String)
    /// There is no flow of that id, or it does not read.
    case flow(String)
    /// A flow of the home's own that nobody has trusted as it is.
    case untrusted(id: String, hasChanged: Bool)
    /// The walk that was to be taken up again is not there.
    case noWalk(String)
    /// Something is set up already under another name.
    case taken(String)

    package var description: String {
        switch self {
        case .answer(let name, let why): "The answer \"\(name)\" cannot be taken: \(why)."
        case .flow(let why): why
        case .untrusted(let id, let hasChanged):
            "The flow \"\(id)\" of this home "
                + (hasChanged ? "has changed since it was trusted" : "is not trusted yet")
                + " and is not used: see what it does and agree with headgate wizard trust \(id)."
        case .noWalk(let id):
            "There is nothing to take up under \(id): it is over, or was given up more than 30 days ago. Begin anew with: headgate onboard"
        case .taken(let why): why
        }
    }
}
