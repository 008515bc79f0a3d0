// SPDX-License-Identifier: Apache-2.0

extension Definition {
    /// What a definition could do, which a person agrees to before one of their own is used.
    package struct Reach: Sendable, Equatable {
        /// A service that requests go to.
        package struct Destination: Sendable, Equatable {
            /// The definition's name for it.
            package let name: String
            /// Its address, or the cloud's service that clouds.json names.
            package let address: String
            /// Whether a token, a key or the credential itself is sent there.
            package let takesCredential: Bool

            /// The service that `use` names.
            package init(_ use: ServiceUse, takesCredential: Bool) {
                name = use.name
                address = use.base?.source ?? "the cloud's service \"\(use.cloud ?? "")\" (clouds.json)"
                self.takesCredential = takesCredential
            }
        }

        /// A request it makes.
        package struct Call: Sendable, Equatable {
            /// Method, service and path.
            package let request: String
            /// The stream, the probe step, the step of a flow or `sign-in` that it is made for.
            package let purpose: String
            /// What it changes at the source, for a step with a side effect.
            package let title: String
            /// What is sent with it, as it is written; empty where nothing is.
            package let sends: String

            /// Puts it together from its parts.
            package init(request: String, purpose: String, title: String = "", sends: String = "") {
                self.request = request
                self.purpose = purpose
                self.title = title
                self.sends = sends
            }

            /// The call that `request` makes.
            package init(_ request: RequestTemplate, for purpose: String, title: String = "") {
                self.init(
                    request: "\(request.method.rawValue) \(request.service) \(request.path.source)",
                    purpose: purpose,
                    title: title,
                    sends: request.body.written
                )
            }
        }

        /// The services.
        package let destinations: [Destination]
        /// Hosts allowed besides those of the cloud.
        package let hosts: [String]
        /// Requests that only read.
        package let reads: [Call]
        /// Requests that change something at the source.
        package let changes: [Call]
    }

    /// What this definition could do.
    package var reach: Reach {
        var reads: [Reach.Call] = []
        var changes: [Reach.Call] = []
        var authorised: Set<String> = []
        func add(_ request: RequestTemplate?, _ purpose: String, changing title: String? = nil) {
            guard let request else { return }
            if request.isAuthorised { authorised.insert(request.service) }
            let call = Reach.Call(request, for: purpose, title: title ?? "")
            if title != nil { changes.append(call) } else { reads.append(call) }
        }
        if let token = auth.token {
            add(token, "sign-in")
            authorised.insert(token.service)
        }
        for step in probe {
            add(step.request, step.id)
            for confirmation in step.confirm { add(confirmation.request, step.id) }
            add(step.ends?.request, step.id)
        }
        for stream in streams {
            for step in stream.before {
                add(step.look, stream.id)
                add(step.request, stream.id, changing: step.hasSideEffect ? step.title : nil)
                add(step.undo, stream.id, changing: "takes back: \(step.title)")
            }
            add(stream.list.request, stream.id)
            add(stream.fetch?.request, stream.id)
        }
        let destinations = services.map { use in
            Reach.Destination(use, takesCredential: authorised.contains(use.name))
        }
        let hosts = hosts.map { rule in
            switch rule {
            case .exactly(let host): host
            case .entered(let field, let ending): "any host that ends in \(ending), entered as \(field)"
            }
        }
        return Reach(destinations: destinations, hosts: hosts, reads: reads, changes: changes)
    }
}
