// SPDX-License-Identifier: Apache-2.0
package import Connectors
import HTTPClient
import JSON
package import Source

/// Asks a source which plans the tenant holds, apart from any connection test.
package enum PlanRequest {
    /// The plans that the list names; `nil` where it cannot be read, which says nothing about any plan.
    ///
    /// Throws `CancellationError` only.
    package static func plans(_ step: ProbeStep, through session: Session) async throws -> Set<String>? {
        guard let request = step.request, request.method == .get, let plans = step.plans else { return nil }
        let reply = try await session.ask(request, for: .probe)
        guard reply.isSuccess, (200...299).contains(reply.status) else { return nil }
        let answer = Answer(
            of: session.definition.service(request.service),
            service: request.service,
            step: .probe,
            status: reply.status,
            headers: (reply.response?.headers ?? []).map { ($0.name, $0.value) },
            body: reply.body
        )
        let names = session.bindings(request.service, answer.bindings)
        guard !step.refuse.contains(where: { $0.condition.holds(in: names) }) else { return nil }
        return plans.held(in: names)
    }
}
