// SPDX-License-Identifier: Apache-2.0
import HTTPServer

/// A request, taken apart: which operation, of which tenant, with which parameters.
struct Call: Sendable {
    let request: Request
    let operation: Operation
    /// The tenant as the path names it, in lower case.
    let tenant: String
    /// What stands behind the operation in the path: a content id, an endpoint's version or a control's name.
    let rest: String

    init(_ request: Request) {
        self.request = request
        var parts = request.path.split(separator: "/").map(String.init)
        let area = parts.isEmpty ? "" : parts.removeFirst().lowercased()
        switch area {
        case "login":
            tenant = Request.decoded(parts.first ?? "").lowercased()
            let tail = parts.dropFirst().joined(separator: "/").lowercased()
            switch tail {
            case "oauth2/token": (operation, rest) = (.token, "v1")
            case "oauth2/v2.0/token": (operation, rest) = (.token, "v2")
            case ".well-known/openid-configuration": (operation, rest) = (.discovery, "v1")
            case "v2.0/.well-known/openid-configuration": (operation, rest) = (.discovery, "v2")
            case "oauth2/v2.0/devicecode": (operation, rest) = (.deviceCode, "v2")
            case "adminconsent": (operation, rest) = (.adminConsent, "v1")
            case "v2.0/adminconsent": (operation, rest) = (.adminConsent, "v2")
            case "" where tenant == "device": (operation, rest) = (.devicePage, "")
            case "discovery/keys", "discovery/v2.0/keys": (operation, rest) = (.discovery, "keys")
            default: (operation, rest) = (.unknown, tail)
            }
        case "manage":
            // api / v1.0 or v1 / {tenant} / activity / feed / ...
            guard parts.count >= 6, parts[0] == "api", parts[1] == "v1.0" || parts[1] == "v1",
                parts[3].lowercased() == "activity", parts[4].lowercased() == "feed"
            else {
                (operation, tenant, rest) = (.unknown, "", "")
                return
            }
            tenant = Request.decoded(parts[2]).lowercased()
            let tail = parts[5...].joined(separator: "/")
            switch (request.method, tail.lowercased()) {
            case ("POST", "subscriptions/start"): (operation, rest) = (.start, "")
            case ("POST", "subscriptions/stop"): (operation, rest) = (.stop, "")
            case ("GET", "subscriptions/list"): (operation, rest) = (.list, "")
            case ("GET", "subscriptions/content"): (operation, rest) = (.content, "")
            case ("GET", "subscriptions/notifications"): (operation, rest) = (.notifications, "")
            case ("GET", "resources/dlpsensitivetypes"): (operation, rest) = (.sensitiveTypes, "")
            case ("GET", let path) where path.hasPrefix("audit/"):
                (operation, rest) = (.fetch, String(tail.dropFirst(6)))
            default: (operation, rest) = (.unknown, tail)
            }
        case "exchange":
            // adminapi / beta or v1.0 / {tenant} / ...
            tenant = parts.count > 2 ? parts[2].lowercased() : ""
            (operation, rest) = (.exchange, parts.dropFirst(3).joined(separator: "/"))
        case "graph":
            let path = parts.dropFirst().map { $0.lowercased() }
            (operation, tenant, rest) = (Operation.graph(path), "", parts.joined(separator: "/"))
        case "okta":
            tenant = parts.isEmpty ? "" : parts.removeFirst().lowercased()
            (operation, rest) = (.okta, parts.joined(separator: "/"))
        // A definition may know its service by nothing but a host.
        case "api", ".well-known":
            (operation, tenant, rest) = (.okta, "", ([area] + parts).joined(separator: "/"))
        case "github": (operation, tenant, rest) = (.github, "", parts.joined(separator: "/"))
        case "orgs", "organizations":
            (operation, tenant, rest) = (.github, "", ([area] + parts).joined(separator: "/"))
        case "control":
            (operation, tenant, rest) = (.control, "", parts.joined(separator: "/"))
        default:
            (operation, tenant, rest) = (.unknown, "", "")
        }
    }

    /// The first value of a query parameter whose name is `name`, whatever its case.
    func query(_ name: String) -> String? {
        request.query.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// The bearer token, if one came.
    var token: String? {
        guard let value = request.header("Authorization"), value.lowercased().hasPrefix("bearer ") else {
            return nil
        }
        return String(value.dropFirst(7))
    }

    /// The value of a form field.
    func field(_ name: String) -> String? { request.form.first { $0.name == name }?.value }

    /// The version of Graph that the path names.
    var graphVersion: String { rest.split(separator: "/").first.map { $0.lowercased() } ?? "" }

    /// The path below the version of Graph, decoded.
    var graphPath: [String] { rest.split(separator: "/").dropFirst().map { Request.decoded($0) } }

    /// A token after a scheme other than Bearer.
    func token(scheme: String) -> String? {
        guard let value = request.header("Authorization"),
            value.lowercased().hasPrefix(scheme.lowercased() + " ")
        else { return nil }
        return String(value.dropFirst(scheme.count + 1))
    }

    /// The query as sent, without the parameters of these names.
    func query(without names: Set<String>) -> [String] {
        request.rawQuery.split(separator: "&").filter { pair in
            !names.contains(Request.decoded(pair.prefix { $0 != "=" }).lowercased())
        }.map(String.init)
    }
}
