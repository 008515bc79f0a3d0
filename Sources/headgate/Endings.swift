// SPDX-License-Identifier: Apache-2.0
import CloudSimulator
import Connectors
import Crypto
import Glibc
import Host
import Store
import Wizard

/// Which exit code an error of the house means.
enum Endings {
    static func exit(for error: any Error) -> Exit {
        switch error {
        case ConnectorFailure.unknown: .usage
        case is ConnectorFailure: .refused
        case is AnswersRefused, is SetupRefused, is CredentialRefused: .usage
        case let failure as StoreFailure: exit(for: failure)
        case is SettingRefused, is BackfillRefused, is ReconfigureRefused, is CryptoFailure: .usage
        case is CredentialMissing: .inputNeeded
        case let failure as WizardFailure: exit(for: failure)
        case is NotFoundOut: .checkFailed
        case is SimulatorFailure: .usage
        default: .fault
        }
    }

    private static func exit(for failure: WizardFailure) -> Exit {
        switch failure {
        case .answer, .noWalk: .usage
        case .flow, .untrusted: .refused
        case .taken: .checkFailed
        }
    }

    private static func exit(for failure: StoreFailure) -> Exit {
        switch failure {
        case .missing: .usage
        case .configuration, .secret: .refused
        // What the system does not let us reach is no fault of ours.
        case .file(_, _, let code) where [EACCES, EPERM, EROFS, ENOENT, ENOTDIR].contains(code): .refused
        default: failure.isRefusal ? .refused : .fault
        }
    }
}
