// SPDX-License-Identifier: Apache-2.0
import Basics
import Crypto
import JSON

/// An application as it is registered, with its credentials.
struct Registration: Sendable {
    /// A permission that it says it needs.
    struct Need: Sendable, Equatable {
        /// The client id of the service that offers it.
        var resource: String
        /// The permission's id.
        var role: String
        /// Whether it is an application's permission and not a person's; both may have the same id.
        var isRole: Bool
    }

    /// The client id.
    let app: String
    /// The object id.
    let object: String
    let created: Timestamp
    /// Who made it, by client id; empty where the scenario declared it.
    let creator: String
    /// The tenant it is registered in, where that is told.
    var home: String?
    /// What was said of it, as Graph shows it again.
    var told: Object
    var secrets: [Secret] = []
    var keys: [Key] = []
    var trusts: [Trust] = []
    /// The roles that the scenario granted to it, per tenant id (`*` for any tenant).
    var roles: [String: [String]] = [:]
    /// The directory roles assigned to it, per tenant id (`*` for any tenant).
    var directoryRoles: [String: [String]] = [:]
    /// Whether the scenario switched its service principals off.
    var isDisabled = false
    /// Whether those who build on it know it already.
    var known = Ripening()

    /// Whether it was made while the cloud ran.
    var isMade: Bool { !creator.isEmpty }
    var name: String { told["displayName"]?.stringValue ?? "Collector \(app.prefix(8))" }
    /// Whether tenants other than its own may consent to it.
    var isMultiTenant: Bool { told["signInAudience"]?.stringValue != Self.singleTenant }
    /// Whether it may ask for tokens without a credential.
    var isPublic: Bool { told["isFallbackPublicClient"]?.boolValue ?? false }

    static let singleTenant = "AzureADMyOrg"

    /// The permissions it says it needs.
    var needs: [Need] {
        (told["requiredResourceAccess"]?.arrayValue ?? []).flatMap { entry in
            (entry["resourceAccess"]?.arrayValue ?? []).map { access in
                Need(
                    resource: entry["resourceAppId"]?.stringValue?.lowercased() ?? "",
                    role: access["id"]?.stringValue?.lowercased() ?? "",
                    isRole: access["type"]?.stringValue == "Role"
                )
            }
        }
    }

    /// Every address that answers may be sent to.
    private var redirects: [String] {
        ["web", "publicClient", "spa"].flatMap { told[$0]?["redirectUris"]?.arrayValue ?? [] }
            .compactMap(\.stringValue)
    }

    /// Whether answers may be sent to `address`; the older endpoint allows further path segments.
    func answers(to address: String, loosely: Bool) -> Bool {
        redirects.contains { registered in
            if registered == address { return true }
            let base = registered.hasSuffix("/") ? registered : registered + "/"
            return loosely && address.hasPrefix(base)
        }
    }
}

extension Registration {
    /// The registration of an app that a scenario declares.
    init(_ declared: Scenario.App, seed: UInt64, start: Timestamp) {
        var random = SeededRandom(seed: seed, "application", declared.id)
        app = declared.id
        object = random.guid()
        created = start
        creator = ""
        home = declared.home
        roles = declared.roles
        directoryRoles = declared.directoryRoles
        isDisabled = declared.disabled
        told = ["signInAudience": .string(declared.multiTenant ? "AzureADMultipleOrgs" : Self.singleTenant)]
        if let name = declared.name { told["displayName"] = .string(name) }
        if !declared.tags.isEmpty { told["tags"] = .array(declared.tags.map { .string($0) }) }
        if !declared.redirectURIs.isEmpty {
            told["web"] = ["redirectUris": .array(declared.redirectURIs.map { .string($0) })]
        }
        if declared.publicClient { told["isFallbackPublicClient"] = true }
        if !declared.requires.isEmpty {
            told["requiredResourceAccess"] = Self.required(declared.requires)
        }
        secrets = declared.secrets.map { secret in
            Secret(
                keyID: random.guid(),
                value: secret.value,
                name: "declared",
                start: start,
                end: secret.expires?.instant(start: start),
                known: Ripening(from: secret.usableFrom?.instant(start: start))
            )
        }
        keys = declared.certificates.compactMap { certificate in
            Key(keyID: random.guid(), declared: certificate)
        }
        trusts = declared.federated.enumerated().map { number, trust in
            Trust(
                id: random.guid(),
                name: "declared-\(number + 1)",
                issuer: trust.issuer,
                subject: trust.subject,
                audiences: [trust.audience]
            )
        }
    }

    /// The permissions of these names as an application declares them.
    private static func required(_ names: [String]) -> Value {
        .array(
            AppRole.resources.compactMap { service, app, _ in
                let own = names.filter { Cloud.service(of: $0) == service }
                guard !own.isEmpty else { return nil }
                let access: [Value] = own.map { ["id": .string(AppRole.id(of: $0)), "type": "Role"] }
                return ["resourceAppId": .string(app), "resourceAccess": .array(access)]
            }
        )
    }

    /// What replaces `old` and is the same object still.
    init(_ old: Registration, replaced fresh: Registration) {
        app = old.app
        object = old.object
        created = old.created
        creator = old.creator
        home = fresh.home
        told = fresh.told
        (secrets, keys, trusts) = (fresh.secrets, fresh.keys, fresh.trusts)
        (roles, directoryRoles, isDisabled) = (fresh.roles, fresh.directoryRoles, fresh.isDisabled)
    }

    /// Takes over from `old` what a control that named only `members` did not tell.
    mutating func keep(_ old: Registration, without members: Set<String>) {
        if !members.contains("secrets") { secrets = old.secrets }
        if !members.contains("certificates") { keys = old.keys }
        if !members.contains("federated") { trusts = old.trusts }
        // Roles told for one tenant leave those in others.
        roles = old.roles.merging(roles) { _, new in new }
        directoryRoles =
            members.contains("directoryRoles")
            ? old.directoryRoles.merging(directoryRoles) { _, new in new } : old.directoryRoles
        if !members.contains("disabled") { isDisabled = old.isDisabled }
        if !members.contains("home") { home = old.home }
        if !members.contains("multiTenant") { told["signInAudience"] = old.told["signInAudience"] }
        let kept = old.told.filter { told[$0.key] == nil }
        for (key, value) in kept { told[key] = value }
        known = old.known
    }
}
