// SPDX-License-Identifier: Apache-2.0
import Basics

/// Which applications are registered, and what stands for them in which tenant.
extension Cloud {
    // MARK: Service principals

    /// What stands for an app in a tenant: what was made there, else what the scenario gave it.
    func principal(_ app: String, in tenant: Scenario.Tenant) -> ServicePrincipal? {
        if let kept = changed(tenant.id) {
            if let found = kept.principals[app] { return found }
            if kept.withoutPrincipal.contains(app) { return nil }
        }
        return given(app, tenant)
    }

    /// Everything that stands for an app in a tenant, services first.
    func principals(in tenant: Scenario.Tenant) -> [ServicePrincipal] {
        let services = AppRole.resources.map(\.app)
        let made = changed(tenant.id).map { Set($0.principals.keys) } ?? []
        let others = made.union(registrations.keys).subtracting(services).sorted()
        return (services + others).compactMap { principal($0, in: tenant) }
    }

    /// Puts a principal in a tenant, in place of the one of the same app.
    func keep(_ principal: ServicePrincipal, in tenant: String) {
        _ = change(tenant) { record in
            record.principals[principal.app] = principal
            record.withoutPrincipal.remove(principal.app)
        }
    }

    /// Takes what stands for an app out of a tenant, and with a service all that was granted of it.
    func removePrincipal(_ app: String, in tenant: Scenario.Tenant) {
        for var holder in principals(in: tenant) where holder.grants.contains(where: { $0.resource == app }) {
            holder.grants.removeAll { $0.resource == app }
            keep(holder, in: tenant.id)
        }
        _ = change(tenant.id) { record in
            record.principals[app] = nil
            record.withoutPrincipal.insert(app)
        }
    }

    /// What the scenario gave a tenant to stand for an app.
    private func given(_ app: String, _ tenant: Scenario.Tenant) -> ServicePrincipal? {
        let id = principalID(app, tenant.id)
        if let (service, _, name) = AppRole.resources.first(where: { $0.app == app }) {
            guard service != "manage" || tenant.hasService else { return nil }
            let isEnabled = service != "manage" || tenant.licensed
            return ServicePrincipal(id: id, app: app, name: name, isEnabled: isEnabled)
        }
        guard let registration = registrations[app],
            let granted = roles(registration, tenant: tenant.id)
        else { return nil }
        let grants = granted.compactMap { value in
            let service = Self.service(of: value)
            return AppRole.resources.first { $0.service == service }.map {
                ServicePrincipal.Grant(resource: $0.app, value: value, created: start - .days(30))
            }
        }
        return ServicePrincipal(
            id: id,
            app: app,
            name: registration.name,
            isEnabled: !registration.isDisabled,
            grants: grants
        )
    }

    /// The object id that an app has in a tenant by the scenario.
    private func principalID(_ app: String, _ tenant: String) -> String {
        var random = SeededRandom(seed: scenario.seed, "principal", app, tenant)
        return random.guid()
    }

    // MARK: What the token endpoint knows

    /// What stands for an app in a tenant, if the token endpoint knows it; asking brings it on.
    func askPrincipal(_ app: String, _ tenant: Scenario.Tenant) -> ServicePrincipal? {
        guard let found = principal(app, in: tenant) else { return nil }
        guard changed(tenant.id)?.principals[app] != nil else { return found }
        let now = now
        let isKnown = change(tenant.id) { $0.principals[app]?.known.ask(at: now) ?? false }
        return isKnown ?? false ? found : nil
    }

    /// The roles of one service that tokens for an app tell by now; asking brings the others on.
    func askRoles(_ app: String, _ tenant: Scenario.Tenant, of resource: String) -> [String] {
        guard changed(tenant.id)?.principals[app] != nil else {
            return (given(app, tenant)?.grants ?? []).filter { $0.resource == resource }.map(\.value)
        }
        let now = now
        return change(tenant.id) { record in
            var told: [String] = []
            for place in record.principals[app]?.grants.indices ?? 0..<0
            where record.principals[app]?.grants[place].resource == resource {
                guard record.principals[app]?.grants[place].known.ask(at: now) ?? false else { continue }
                if let value = record.principals[app]?.grants[place].value { told.append(value) }
            }
            return told
        } ?? []
    }

    // MARK: Applications

    /// Registers what a scenario or a control declares; it holds from now on, whatever was made before.
    func register(_ declared: Scenario.App, told members: Set<String>? = nil) {
        var fresh = Registration(declared, seed: scenario.seed, start: start)
        let wholly = members == nil || registrations[declared.id] == nil
        if let members, let old = registrations[declared.id] {
            fresh = Registration(old, replaced: fresh)
            fresh.keep(old, without: members)
        }
        registrations[declared.id] = fresh
        let everywhere = wholly || declared.roles["*"] != nil
        let (isDisabled, toldDisabled) = (fresh.isDisabled, members?.contains("disabled") ?? true)
        changeAll { id, record in
            if everywhere || declared.roles[id] != nil {
                record.principals[declared.id] = nil
                record.withoutPrincipal.remove(declared.id)
            } else if toldDisabled {
                record.principals[declared.id]?.isEnabled = !isDisabled
            }
        }
    }

    /// Takes a registration away, and what stands for it where it was registered.
    func unregister(_ registration: Registration, in tenant: Scenario.Tenant) {
        registrations[registration.app] = nil
        removePrincipal(registration.app, in: tenant)
    }

    /// The applications registered in a tenant, in the order of their ids.
    func registrations(in tenant: String) -> [Registration] {
        registrations.values.filter { $0.home == tenant }.sorted { $0.app < $1.app }
    }
}
