// SPDX-License-Identifier: Apache-2.0
package import Connectors

extension Flow {
    /// What a flow could do in a person's name, which somebody agrees to before one of the home's own is used.
    package struct Reach: Sendable, Equatable {
        /// The services that it asks itself, and whether the person's sign-in goes there.
        package let destinations: [Definition.Reach.Destination]
        /// Requests that only read.
        package let reads: [Definition.Reach.Call]
        /// Requests that change something.
        package let changes: [Definition.Reach.Call]
        /// What it has Headgate itself do, in the order of its steps.
        package let runs: [FlowStep.Run]
        /// The addresses that it sends people to, as they are written.
        package let links: [String]
        /// The files that it writes.
        package let files: [HandoffFile]
    }

    /// What this flow could do.
    package var reach: Reach {
        var reads: [Definition.Reach.Call] = []
        var changes: [Definition.Reach.Call] = []
        var proven: Set<String> = []
        func add(_ request: RequestTemplate?, _ step: FlowStep, changing title: String? = nil) {
            guard let request else { return }
            if request.isAuthorised { proven.insert(request.service) }
            let call = Definition.Reach.Call(request, for: step.id, title: title ?? "")
            if title != nil { changes.append(call) } else { reads.append(call) }
        }
        if let signIn {
            proven.insert(signIn.for)
            let tenant = signIn.tenant.map { "/" + $0.source } ?? ""
            reads += [signIn.codePath, signIn.tokenPath].map { path in
                Definition.Reach.Call(request: "POST \(signIn.service) \(tenant)\(path)", purpose: "sign-in")
            }
        }
        for step in steps {
            if step.run == .signIn { add(signIn?.look?.request, step) }
            for change in step.changes {
                add(change.find?.request, step)
                add(change.request, step, changing: change.title.source)
                add(change.readBack?.request, step)
                add(change.undo, step, changing: "takes back: \(change.title.source)")
            }
        }
        return Reach(
            destinations: (asker?.services ?? []).map {
                Definition.Reach.Destination($0, takesCredential: proven.contains($0.name))
            },
            reads: reads.withoutRepeats,
            changes: changes,
            runs: steps.compactMap(\.run).withoutRepeats,
            links: steps.compactMap(\.link?.source).withoutRepeats,
            files: steps.flatMap(\.files)
        )
    }
}

extension Array where Element: Equatable {
    fileprivate var withoutRepeats: [Element] {
        reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
}
