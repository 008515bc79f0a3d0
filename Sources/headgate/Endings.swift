// SPDX-License-Identifier: Apache-2.0
import Connectors
import Host

/// Which exit code an error of the house means.
enum Endings {
    static func exit(for error: any Error) -> Exit {
        switch error {
        case is ConnectorFailure: .refused
        case is AnswersRefused, is CredentialRefused: .usage
        default: .fault
        }
    }
}
