// SPDX-License-Identifier: Apache-2.0
package import Connectors
import JSON

/// A service as one connection reaches it: its base address and the audiences of its tokens.
package struct Service: Sendable, Equatable {
    /// Its name in the definition.
    package let name: String
    /// Where every request to it lies.
    package let base: BaseURL
    /// The audiences of its tokens, tried in order.
    package let audiences: [String]
    /// What the definition says of it.
    package let use: ServiceUse

    /// The services of `definition` that can be reached; those that the cloud does not have are left out.
    package static func all(
        of definition: Definition,
        cloud: Cloud?,
        bindings: any Bindings
    ) throws(Unrenderable) -> [String: Service] {
        var services: [String: Service] = [:]
        for use in definition.services {
            guard let base = try base(of: use, definition, cloud, bindings) else { continue }
            let audiences =
                use.audiences.isEmpty ? cloud?.audiences[use.cloud ?? use.name] ?? [] : use.audiences
            services[use.name] = Service(name: use.name, base: base, audiences: audiences, use: use)
        }
        return services
    }

    private static func base(
        of use: ServiceUse,
        _ definition: Definition,
        _ cloud: Cloud?,
        _ bindings: any Bindings
    ) throws(Unrenderable) -> BaseURL? {
        guard let template = use.base else { return use.cloud.flatMap { cloud?.bases[$0] } }
        let text: String
        do throws(TemplateFailure) { text = try template.text(in: bindings) } catch {
            throw .template(place: "address of the service \"\(use.name)\"", error)
        }
        guard let base = BaseURL(text) else { throw .badBase(service: use.name) }
        guard definition.hosts.contains(where: { allows($0, base.host, bindings) }) else {
            throw .hostNotAllowed(service: use.name, host: base.host)
        }
        return base
    }

    /// Whether `rule` lets requests go to `host`; an entered host must be the whole of what was entered.
    private static func allows(_ rule: HostRule, _ host: String, _ bindings: any Bindings) -> Bool {
        switch rule {
        case .exactly(let allowed): return host == allowed
        case .entered(let credential, let ending):
            let entered = bindings.value(of: "credentials")?[credential]?.stringValue?.lowercased()
            return entered == host && host.hasSuffix(ending) && host.count > ending.count
        }
    }
}
