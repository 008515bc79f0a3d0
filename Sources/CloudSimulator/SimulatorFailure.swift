// SPDX-License-Identifier: Apache-2.0

/// Why a simulated cloud could not be set up.
package enum SimulatorFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// The scenario is not valid: where (a JSON Pointer and a line, if known) and why.
    case scenario(pointer: String, line: Int?, reason: String)
    /// A file that the scenario names cannot be used.
    case file(path: String, reason: String)
    /// No listener could be opened.
    case listening(reason: String)

    /// A sentence for a person.
    package var description: String {
        switch self {
        case .scenario(let pointer, let line, let reason):
            let place = pointer.isEmpty ? "at the top" : "at \(pointer)"
            return "the scenario is not valid \(place)\(line.map { " (line \($0))" } ?? ""): \(reason)"
        case .file(let path, let reason):
            return "the file \(path) named by the scenario cannot be used: \(reason)"
        case .listening(let reason):
            return "the simulated cloud cannot listen: \(reason); choose another port"
        }
    }
}
