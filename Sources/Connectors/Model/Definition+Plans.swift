// SPDX-License-Identifier: Apache-2.0

extension Definition {
    /// The step that reads which plans a tenant holds; `nil` where no list can be read.
    package var planStep: ProbeStep? { probe.first { $0.kind == .license && $0.plans != nil } }

    /// Of `plans`, those that this definition has a use for.
    package func known(_ plans: Set<String>) -> Set<String> {
        plans.intersection(licenses.flatMap(\.anyPlan))
    }

    /// What is proven by holding `plans`: themselves, and the ids of the licenses that one of them satisfies.
    package func proven(by plans: Set<String>) -> Set<String> {
        plans.union(licenses.filter { $0.isSatisfied(by: plans) }.map(\.id))
    }

    /// The first license that `stream` needs and holders of `plans` lack.
    package func missingLicense(of stream: StreamDefinition, with plans: Set<String>) -> License? {
        licenses.first { stream.neededLicenses.contains($0.id) && !$0.isSatisfied(by: plans) }
    }
}

extension License {
    /// Whether one of `plans` is enough.
    package func isSatisfied(by plans: Set<String>) -> Bool { anyPlan.contains(where: plans.contains) }

    /// In words, that it is not held.
    package var lacking: String {
        "the tenant holds no plan with \(title): one of \(anyPlan.joined(separator: ", "))"
    }
}
