// SPDX-License-Identifier: Apache-2.0
package import Basics
package import Connectors
package import HTTPClient
import JSON

/// Everything that asking one connection's services takes: definition, addresses, proof, quotas, transport.
///
/// A value that is built for a pass and may be shared by all of its tasks. It asks once and says what came; trying
/// again is Collecting's.
package struct Session: Sendable {
    /// What all connections of a host share.
    package struct Shared: Sendable {
        package let transport: any Transport
        package let quotas: Quotas
        package let budget: Budget
        package let skew: ClockSkew
        package let time: any TimeSource

        /// Shares `transport` under quotas and a budget of their own.
        package init(
            transport: any Transport,
            time: any TimeSource,
            quotas: Quotas? = nil,
            budget: Budget = Budget(),
            skew: ClockSkew = ClockSkew()
        ) {
            self.transport = transport
            self.time = time
            self.quotas = quotas ?? Quotas(time: time)
            self.budget = budget
            self.skew = skew
        }
    }

    /// Whose requests these are, for quotas and budgets.
    package struct Owner: Sendable, Equatable {
        /// The connection, such as `contoso/o365`.
        package let connection: String
        /// The registration, under which tokens are asked for.
        package let registration: String
        /// The tenant that is asked about.
        package let tenant: String

        /// Creates an owner from all its parts.
        package init(connection: String, registration: String, tenant: String) {
            self.connection = connection
            self.registration = registration
            self.tenant = tenant
        }
    }

    package let definition: Definition
    package let owner: Owner
    /// The services that can be reached, by name.
    package let services: [String: Service]
    package let shared: Shared
    private let cloud: Cloud?
    private let names: Names
    let authority: any Authority

    /// Opens a session.
    ///
    /// `names` bind what requests may name: `credentials` (no secrets), `publisherId`, `connection`, `run`. The names
    /// `cloud`, `audience` and `now` are bound here.
    package init(
        definition: Definition,
        cloud: Cloud?,
        owner: Owner,
        names: Names,
        authority: any Authority,
        shared: Shared
    ) throws(Unrenderable) {
        self.definition = definition
        self.owner = owner
        self.shared = shared
        self.cloud = cloud
        self.authority = authority
        self.names = names.with("cloud", Self.name(of: cloud))
        services = try Service.all(of: definition, cloud: cloud, bindings: self.names)
    }

    /// What expressions know of a cloud: the base of each of its services.
    static func name(of cloud: Cloud?) -> Value {
        let bases = cloud?.bases.sorted { $0.key < $1.key } ?? []
        return .object(Object(bases.map { ($0.key, .string($0.value.text)) }))
    }

    /// The path at which `template` is asked for, after its service's base; `nil` where it cannot be made.
    package func path(of template: RequestTemplate) -> String? {
        try? Renderer.path(template.path, bindings(template.service))
    }

    /// This machine's time corrected by how far it is ahead of `service`.
    package func correctedNow(_ service: String) -> Timestamp { shared.time.now - skew(of: service) }

    /// How far this machine's clock is ahead of `service`.
    package func skew(of service: String) -> Duration {
        services[service].map { shared.skew.ahead(of: $0.base.host) } ?? .zero
    }

    /// How far this machine's clock is ahead of each service that has said what time it is.
    package var skews: [Duration] {
        Set(services.values.map(\.base.host)).filter(shared.skew.isKnown).map(shared.skew.ahead)
    }

    /// All names that a request to `service` may use, `more` over the session's own.
    package func bindings(_ service: String, _ more: Names = Names()) -> Layered {
        var base = names.with("now", .string(correctedNow(service).description))
        if let audience = services[service]?.audiences.first { base[Self.audience] = .string(audience) }
        return Layered(over: more, base)
    }

    private static let audience = "audience"

    // MARK: asking

    /// Asks what `template` says and gives back what came; throws `CancellationError` only.
    ///
    /// `more` binds names such as `window`, `item` or `stream`; `query` is put behind the template's own, and `items`
    /// are added where the query lacks them.
    package func ask(
        _ template: RequestTemplate,
        for step: Answer.Step,
        with more: Names = Names(),
        adding query: [(name: String, value: String)] = [],
        addQuery items: [RequestTemplate.Item] = []
    ) async throws -> Reply {
        try await asking(template, for: step, with: more, adding: query, addQuery: items) { $0 }
    }

    /// Asks and lends what came to `use`, until whose end the answer's bytes count against the budget.
    ///
    /// `use` must not ask itself: it would wait for bytes while it holds some.
    package func asking<Result>(
        _ template: RequestTemplate,
        for step: Answer.Step,
        with more: Names = Names(),
        adding query: [(name: String, value: String)] = [],
        addQuery items: [RequestTemplate.Item] = [],
        _ use: (consuming Reply) async throws -> Result
    ) async throws -> Result {
        let bindings = bindings(template.service, more)
        var request: Request
        let service: Service
        do throws(Unrenderable) {
            service = try self.service(template.service)
            request = try Renderer.request(
                template,
                to: service,
                in: bindings,
                adding: query,
                limits: definition.limits
            )
            if !items.isEmpty {
                request.url = Links.adding(try Renderer.values(items, bindings), to: request.url)
            }
        } catch {
            return try await use(unmade(template, step, error, bindings))
        }
        return try await send(request, service, template, step, bindings, use)
    }

    /// Follows `link` of an answer, which must lie under the base of the template's service, and lends what came.
    ///
    /// It is asked with the template's headers and quotas; `query` is added where the link lacks it. A foreign link is
    /// not followed and no token is asked for: the reply's verdict says so.
    package func following<Result>(
        _ link: String,
        like template: RequestTemplate,
        for step: Answer.Step,
        with more: Names = Names(),
        addQuery items: [RequestTemplate.Item] = [],
        _ use: (consuming Reply) async throws -> Result
    ) async throws -> Result {
        let bindings = bindings(template.service, more)
        let service: Service
        var request: Request
        do throws(Unrenderable) {
            service = try self.service(template.service)
            request = Request(
                url: Links.adding(try Renderer.values(items, bindings), to: link),
                headers: try Renderer.headers(template, nil, bindings),
                timeLimit: definition.limits.timeout,
                bodyLimit: definition.limits.maxBody
            )
        } catch {
            return try await use(unmade(template, step, error, bindings))
        }
        guard let url = Links.resolve(request.url, under: service.base) else {
            let host = URLParts(link)?.host ?? "no address at all"
            let detail = "the link leads to \(host), not to \(service.base.text)"
            return try await use(reply(without: .foreignPage, detail, template, step, bindings))
        }
        request.url = url
        return try await send(request, service, template, step, bindings, use)
    }

    /// Follows `link` and gives back what came.
    package func follow(
        _ link: String,
        like template: RequestTemplate,
        for step: Answer.Step,
        with more: Names = Names(),
        addQuery items: [RequestTemplate.Item] = []
    ) async throws -> Reply {
        try await following(link, like: template, for: step, with: more, addQuery: items) { $0 }
    }

    private func service(_ name: String) throws(Unrenderable) -> Service {
        if let service = services[name] { return service }
        guard definition.service(name) != nil else { throw .unknownService(name) }
        throw .noBase(service: name, cloud: cloud?.name)
    }

    private func send<Result>(
        _ request: Request,
        _ service: Service,
        _ template: RequestTemplate,
        _ step: Answer.Step,
        _ bindings: Layered,
        _ use: (consuming Reply) async throws -> Result
    ) async throws -> Result {
        let exchange = Exchange(
            session: self,
            service: service,
            template: template,
            step: step,
            bindings: bindings,
            authority: authority
        )
        let (reply, room) = try await exchange.make(request)
        do {
            let result = try await use(reply)
            if let room { await shared.budget.leave(room) }
            return result
        } catch {
            if let room { await shared.budget.leave(room) }
            throw error
        }
    }
}
