// SPDX-License-Identifier: Apache-2.0
import CloudSimulator

extension Estate {
    /// A tenant without any app, whose administrator signs in as `person` does.
    static func bare(
        _ person: Scenario.SignIn = .init(),
        _ change: (inout Scenario) -> Void = { _ in }
    ) async throws -> Estate {
        try await Estate { scenario in
            scenario.apps = []
            scenario.tenants[0].subscriptions = []
            scenario.knobs.deviceInterval = .seconds(1)
            var somebody = person
            somebody.home = somebody.home ?? Estate.tenant
            scenario.signIn = somebody
            scenario.tenants[0].signIn = person
            change(&scenario)
        }
    }
}

extension String {
    /// The id of the walk that is said last to be gone on with.
    var resumedWalk: String? {
        split(separator: "--resume ").dropFirst().last.map { String($0.prefix { $0.isHexDigit }) }
    }
}
