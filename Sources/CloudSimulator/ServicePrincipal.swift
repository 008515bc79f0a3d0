// SPDX-License-Identifier: Apache-2.0
import Basics
import Crypto
import JSON

/// What stands for an application in one tenant, with the roles that it holds there.
struct ServicePrincipal: Sendable {
    /// A role of a service that was assigned to it.
    struct Grant: Sendable {
        /// The client id of the service.
        let resource: String
        /// The role's value, as tokens tell it.
        let value: String
        let created: Timestamp
        var known = Ripening()
        var isMade = false

        /// The role's id.
        var role: String { AppRole.id(of: value) }
    }

    /// The object id.
    let id: String
    /// The client id.
    let app: String
    let name: String
    var isEnabled = true
    var grants: [Grant] = []
    var tags: [String] = []
    /// Whether the token endpoint knows it already.
    var known = Ripening()
    var isMade = false

    /// The roles that it offers itself, being a service.
    var offers: [AppRole] {
        guard let service = AppRole.resources.first(where: { $0.app == app })?.service else { return [] }
        return AppRole.known.filter { $0.service == service }
    }

    /// The id under which one of its grants is known.
    func assignmentID(_ grant: Grant) -> String {
        Base64.encodeURL(Array(Digest.sha256(Array((id + grant.resource + grant.role).utf8)).prefix(24)))
    }

    /// One of its grants as Graph shows it; `resource` is the service's principal.
    func assignment(_ grant: Grant, of resource: ServicePrincipal) -> Object {
        [
            "id": .string(assignmentID(grant)), "deletedDateTime": .null, "appRoleId": .string(grant.role),
            "createdDateTime": .string(grant.created.millisecondsText),
            "principalDisplayName": .string(name), "principalId": .string(id),
            "principalType": "ServicePrincipal", "resourceDisplayName": .string(resource.name),
            "resourceId": .string(resource.id),
        ]
    }

    /// The principal as Graph shows it.
    var value: Object {
        [
            "id": .string(id), "appId": .string(app), "displayName": .string(name),
            "accountEnabled": .bool(isEnabled), "servicePrincipalType": "Application",
            "appRoles": .array(offers.map(\.offered)), "tags": .array(tags.map { .string($0) }),
        ]
    }
}
