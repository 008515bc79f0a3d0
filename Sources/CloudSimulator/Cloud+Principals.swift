// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import JSON

/// Service principals and the roles assigned to them, as Graph keeps them.
extension Cloud {
    /// Answers everything below `servicePrincipals`.
    func principals(
        _ call: Call,
        _ token: AccessToken,
        _ record: TenantRecord
    ) throws(Refusal) -> Response {
        guard let target = GraphTarget(call.graphPath) else { throw notFound(call) }
        let tenant = record.facts
        let all = principals(in: tenant)
        if target.key == .all {
            switch call.request.method {
            case "GET":
                try needToRead(nil, token, call)
                return listed(try filtered(all.map(\.value), call), "servicePrincipals", call)
            case "POST":
                let app = try body(call)["appId"]?.stringValue?.lowercased() ?? ""
                try needToWrite(registrations[app], token, call)
                return try makePrincipal(app, call, tenant)
            default: throw notFound(call)
            }
        }
        let found = all.first { target.key == .id($0.id) || target.key == .app($0.app) }
        let registration = found.flatMap { registrations[$0.app] }
        switch (call.request.method, target.subject) {
        case ("GET", _): try needToRead(registration, token, call)
        case (_, ""): try needToWrite(registration, token, call)
        default: break
        }
        guard let found else {
            switch target.key {
            case .id(let id), .app(let id): throw absent(id, call)
            case .all: throw notFound(call)
            }
        }
        switch (call.request.method, target.subject, target.part) {
        case ("GET", "", nil): return graph(selected(found.value, call), call)
        case ("PATCH", "", nil): return try changePrincipal(found, call, tenant)
        case ("DELETE", "", nil):
            removePrincipal(found.app, in: tenant)
            return done(call)
        case ("GET", "approleassignments", nil):
            let held = found.grants.compactMap { grant in
                principal(grant.resource, in: tenant).map { found.assignment(grant, of: $0) }
            }
            return listed(held, "appRoleAssignments", call)
        case ("GET", "approleassignedto", nil):
            let given = all.flatMap { holder in
                holder.grants.filter { $0.resource == found.app }.map { holder.assignment($0, of: found) }
            }
            return listed(given, "appRoleAssignments", call)
        case ("POST", "approleassignments", nil), ("POST", "approleassignedto", nil):
            let isHolder = target.subject == "approleassignments"
            return try assign(found, isHolder: isHolder, all, token, call, tenant)
        case ("DELETE", "approleassignments", let part?):
            return try unassign(part, of: [found], token, call, tenant)
        case ("DELETE", "approleassignedto", let part?):
            return try unassign(part, of: all, token, call, tenant)
        default: throw notFound(call)
        }
    }

    private func makePrincipal(
        _ app: String,
        _ call: Call,
        _ tenant: Scenario.Tenant
    ) throws(Refusal) -> Response {
        guard isGUID(app) else {
            throw invalid(
                "Invalid value specified for property 'appId' of resource 'ServicePrincipal'.",
                call
            )
        }
        guard principal(app, in: tenant) == nil else {
            throw graph(
                409,
                "Request_MultipleObjectsWithSameKeyValue",
                "The service principal cannot be created, updated, or restored because the service principal name "
                    + "\(app) is already in use.",
                call
            )
        }
        let service = AppRole.resources.first { $0.app == app }
        let isKnown =
            service != nil
            || registrations[app].map { $0.home == tenant.id || $0.isMultiTenant } ?? false
                && registrations[app]?.known.ask(at: now) ?? false
        guard isKnown else {
            throw invalid(
                "The appId '\(app)' of the service principal does not reference a valid application object.",
                call
            )
        }
        let made = newPrincipal(app, tenant)
        keep(made, in: tenant.id)
        return graph(.object(made.value), call, status: 201)
    }

    /// What newly stands for an app or a service in a tenant.
    func newPrincipal(_ app: String, _ tenant: Scenario.Tenant) -> ServicePrincipal {
        let service = AppRole.resources.first { $0.app == app }
        return ServicePrincipal(
            id: guid(),
            app: app,
            name: service?.name ?? registrations[app]?.name ?? app,
            isEnabled: service?.service != "manage" || tenant.licensed,
            known: Ripening(knobs.lags.principal, at: now),
            isMade: true
        )
    }

    private func changePrincipal(
        _ found: ServicePrincipal,
        _ call: Call,
        _ tenant: Scenario.Tenant
    ) throws(Refusal) -> Response {
        var changed = found
        for (name, value) in try body(call) {
            switch (name, value) {
            case ("accountEnabled", .bool(let isEnabled)): changed.isEnabled = isEnabled
            case ("tags", .array(let tags)): changed.tags = tags.compactMap(\.stringValue)
            default:
                throw invalid(
                    "Invalid value specified for property '\(name)' of resource 'ServicePrincipal'.",
                    call
                )
            }
        }
        keep(changed, in: tenant.id)
        return done(call)
    }

    // MARK: Assignments

    private func assign(
        _ named: ServicePrincipal,
        isHolder: Bool,
        _ all: [ServicePrincipal],
        _ token: AccessToken,
        _ call: Call,
        _ tenant: Scenario.Tenant
    ) throws(Refusal) -> Response {
        let body = try body(call)
        func told(_ name: String) -> String { body[name]?.stringValue?.lowercased() ?? "" }
        let resource = all.first { $0.id == told("resourceId") }
        try needToGrant(resource?.app ?? "", token, call)
        guard var holder = all.first(where: { $0.id == told("principalId") }), let resource,
            named.id == (isHolder ? holder.id : resource.id),
            let role = resource.offers.first(where: { $0.id == told("appRoleId") })
        else { throw invalid("Not a valid reference update.", call) }
        guard !holder.grants.contains(where: { $0.resource == resource.app && $0.value == role.value }) else {
            throw invalid("Permission being assigned already exists on the object", call)
        }
        let grant = ServicePrincipal.Grant(
            resource: resource.app,
            value: role.value,
            created: now,
            known: Ripening(knobs.lags.grant, at: now),
            isMade: true
        )
        holder.grants.append(grant)
        keep(holder, in: tenant.id)
        return graph(.object(holder.assignment(grant, of: resource)), call, status: 201)
    }

    private func unassign(
        _ id: String,
        of holders: [ServicePrincipal],
        _ token: AccessToken,
        _ call: Call,
        _ tenant: Scenario.Tenant
    ) throws(Refusal) -> Response {
        for var holder in holders {
            guard let place = holder.grants.firstIndex(where: { holder.assignmentID($0) == id }) else {
                continue
            }
            try needToGrant(holder.grants[place].resource, token, call)
            holder.grants.remove(at: place)
            keep(holder, in: tenant.id)
            return done(call)
        }
        try needToGrant("", token, call)
        throw absent(id, call)
    }
}
