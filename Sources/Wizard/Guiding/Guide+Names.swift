// SPDX-License-Identifier: Apache-2.0
import Basics
import Store
import Connectors
import Crypto
import Host
import JSON
import Probing
import Source

extension Guide {
    /// The connectors that this walk sets up.
    var members: [Flow.Member] {
        let all = flow.members.isEmpty ? general : flow.members
        let chosen = (walk.answers["connectors"]?.arrayValue ?? []).compactMap(\.stringValue)
        guard chosen.isEmpty else { return all.filter { chosen.contains($0.id) } }
        return all.usual
    }

    /// The connectors that a general flow may be about: the one that was named.
    private var general: [Flow.Member] {
        (walk.answers["connectors"]?.arrayValue ?? []).compactMap(\.stringValue).map {
            Flow.Member(id: $0, name: $0, isChosen: true)
        }
    }

    /// The definitions of the connectors that are set up.
    var definitions: [Definition] { members.compactMap { try? bench.shelf.usable($0.id) } }

    /// The tenant that is connected, by the first part of the connectors' identity; empty before it is known.
    var tenant: String { definitions.first?.tenant { entered[$0] } ?? "" }

    /// The cloud's name.
    var cloud: String? {
        guard definitions.contains(where: \.usesCloud) else { return nil }
        return walk.answers["cloud"]?.stringValue ?? Clouds.usual
    }

    /// The customer's name for people; nothing in it may end a line of a file that it is put into.
    private var customerName: String? {
        walk.answers["customerName"]?.stringValue.map { name in
            String(name.unicodeScalars.filter { $0.properties.generalCategory != .control })
        }
    }

    /// The names that the flow's texts, conditions and requests may use.
    func names() -> Names {
        let chosen = cloud.flatMap { bench.shelf.clouds[$0] }
        let bases = Object(
            (chosen?.bases ?? [:]).sorted { $0.key < $1.key }.map { ($0.key, .string($0.value.text)) }
        )
        var config = Object(flow.config.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })
        for key in config.keys { if let set = bench.settings.value(key) { config[key] = set } }
        if let apps = bench.settings.value("sharedRegistrations") { config["sharedRegistrations"] = apps }
        config["branding"] = bench.settings.value("branding")
        let resources = Self.resources(of: definitions)
        var registration: Object = ["resources": .array(resources)]
        registration["credential"] = walk.staged.map { .string($0.kind) }
        registration["made"] = walk.staged.map { .bool($0.isMade) }
        // A test may have read what a person would else be asked for.
        registration["ends"] =
            tests.lazy.compactMap { $0.report?.credentialEnd }.first.map { .string($0.description) }
            ?? walk.saved[Self.end]
        let certified = fields.first { $0.kind == .certificate }
        registration["where"] = certified?.where.map { .string($0) }
        let id = walk.answers["customer"]?.stringValue ?? ""
        let path = walk.answers["connection"]?.stringValue ?? id
        var names = Names([
            "answers": .object(walk.answers), "credentials": .object(walk.credentials),
            "saved": .object(walk.saved), "cloud": .object(bases), "config": .object(config),
            "run": [
                "id": .string(record.id), "tag": .string("headgate:" + record.id),
                "silent": .bool(!isConversation),
            ],
            "registration": .object(registration), "resources": .array(resources),
            "customer": ["id": .string(id), "name": .string(customerName ?? id)],
            "connection": ["customer": .string(id), "path": .string(path)],
            "handoff": ["folder": .string(bench.folder)],
        ])
        if let link = fields.first(where: { $0.kind == .secret })?.link.flatMap({ try? $0.text(in: names) }) {
            registration["link"] = .string(link)
            names["registration"] = .object(registration)
        }
        names["person"] = person.map(\.claims)
        names["certificate"] = certificate.map(Self.value)
        return names
    }

    /// The APIs whose permissions the chosen connectors declare, each with its permissions once.
    ///
    /// What would only make a test surer is nobody's to ask for: a person may grant it themselves.
    static func resources(of definitions: [Definition]) -> [Value] {
        var order: [String] = []
        var names: [String: String] = [:]
        var found: [String: [Permission]] = [:]
        let wanted = definitions.flatMap { definition in
            definition.permissions.filter { !definition.confirmingPermissions.contains($0.value) }
        }
        for permission in wanted {
            let app = permission.resourceAppID
            if names.updateValue(permission.resource, forKey: app) == nil { order.append(app) }
            if !(found[app] ?? []).contains(where: { $0.id == permission.id }) {
                found[app, default: []].append(permission)
            }
        }
        return order.map { app in
            [
                "appId": .string(app), "name": .string(names[app] ?? app),
                "permissions": .array((found[app] ?? []).map(Self.value)),
            ]
        }
    }

    private static func value(_ permission: Permission) -> Value {
        [
            "id": .string(permission.id), "value": .string(permission.value), "why": .string(permission.why),
            "resource": .string(permission.resource), "resourceAppId": .string(permission.resourceAppID),
            "optional": .bool(permission.isOptional),
        ]
    }

    private static func value(_ certificate: Certificate) -> Value {
        [
            "base64": .string(certificate.base64DER), "pem": .string(certificate.publicPEM),
            "thumbprint": .string(certificate.thumbprintSHA1Text),
            "ends": .string(certificate.notAfter.day),
        ]
    }
}
