// SPDX-License-Identifier: Apache-2.0
import Basics

/// The host's own rules, asked after a definition's: what is the same for every service.
enum HostRules {
    /// What the ids of its rules start with.
    static let prefix = "host."

    /// Its rules, the first that fits deciding.
    static let rules: [ErrorRule] = [
        rule("resolve", transport: [.resolve], .network, .retry, remedy: "host.name"),
        rule("connect", transport: [.connect], .network, .retry, remedy: "host.network"),
        rule("proxy", transport: [.proxy], .network, .retry, remedy: "host.proxy"),
        rule("tls", transport: [.tls], .network, .retry, remedy: "host.tls"),
        rule(
            "broken-off",
            transport: [.timedOut, .reset, .truncated],
            .network,
            .retry,
            remedy: "host.network"
        ),
        rule("protocol", transport: [.protocolError], .network, .retry, remedy: "host.proxy"),
        rule("too-large", transport: [.tooLarge], .shape, .skipItem, isGap: true),
        rule("malformed", transport: [.malformed], .shape, .retry),
        rule("foreign-page", transport: [.foreignPage], .shape, .retry),
        rule("page-loop", transport: [.pageLoop], .loop, .resetPaging),
        rule("too-many-pages", transport: [.tooManyPages], .loop, .splitWindow),
        rule("invalid-request", transport: [.invalidRequest], .bug, .retry),
        rule("proxy-sign-in", status: [.exactly(407)], .network, .retry, remedy: "host.proxy"),
        rule("too-many-requests", status: [.exactly(429)], .throttle, .wait, waits: true),
        rule("redirect", status: [.hundred(3)], .shape, .retry),
        rule("gone", status: [.exactly(404), .exactly(410)], step: [.fetch], .gone, .skipItem, isGap: true),
        rule("unauthorised", status: [.exactly(401)], .auth, .refreshToken, remedy: "host.credential"),
        rule("forbidden", status: [.exactly(403)], .permission, .blockStream, remedy: "host.permission"),
        rule("slow", status: [.exactly(408), .exactly(425)], .transient, .retry),
        rule("server", status: [.hundred(5)], .transient, .wait, waits: true),
        rule("unknown", status: [.hundred(4), .hundred(1)], .bug, .retry),
    ]

    /// What a person does about them.
    static let remedies: [RemedyTemplate] = [
        remedy(
            "host.name",
            "The service's name is not known here",
            "The name servers that this machine asks do not know the service's host.",
            [
                "Check that this machine can resolve public names.",
                "Behind a proxy, set HTTPS_PROXY or \"proxy\" in config.json.",
            ],
            "whoever looks after this machine's network"
        ),
        remedy(
            "host.network",
            "The service cannot be reached",
            "The connection is refused, breaks off or does not answer in time, so a firewall, a route or the service itself is in the way.",
            [
                "Check that this machine may open connections to port 443 of the service.",
                "Look at the provider's service health page.",
            ],
            "whoever looks after this machine's network"
        ),
        remedy(
            "host.proxy",
            "The proxy refuses",
            "A proxy stands between this machine and the service and does not let the request pass.",
            [
                "Allow this machine and the service's host at the proxy.",
                "Check the address and sign-in in HTTPS_PROXY or config.json.",
            ],
            "whoever looks after the proxy"
        ),
        remedy(
            "host.tls",
            "The service's certificate is not trusted",
            "The certificate that came is not signed by an authority this machine trusts; often a proxy opens TLS on the way.",
            [
                "Exempt the service's host from TLS inspection, which is safest.",
                "Or set \"caFile\" in config.json to your own authority's certificate.",
            ],
            "whoever looks after the proxy"
        ),
        remedy(
            "host.credential",
            "The service does not accept the credential",
            "The service answered 401 to a fresh credential.",
            ["Check that the credential is still valid at the service.", "Enter a new one."],
            "whoever looks after the app registration or key"
        ),
        remedy(
            "host.permission",
            "The service does not allow this",
            "The service answered 403 without saying more.",
            ["Compare the permissions granted with those that headgate connector explain lists."],
            "an administrator of the service"
        ),
    ]

    private static func rule(
        _ id: String,
        status: [ErrorRule.StatusPattern] = [],
        transport: [Trouble] = [],
        step: [Answer.Step] = [],
        _ faultClass: FaultClass,
        _ action: FaultAction,
        remedy: String? = nil,
        waits: Bool = false,
        isGap: Bool = false
    ) -> ErrorRule {
        ErrorRule(
            id: prefix + id,
            match: ErrorRule.Match(
                status: status,
                code: [],
                all: [],
                any: [],
                condition: nil,
                transport: transport,
                service: [],
                step: step
            ),
            faultClass: faultClass,
            action: action,
            wait: waits
                ? Wait(header: "Retry-After", headerEpoch: nil, text: [], otherwise: nil, cap: .minutes(15))
                : nil,
            remedy: remedy,
            say: nil,
            isGap: isGap,
            maxRefresh: action == .refreshToken ? 1 : 0
        )
    }

    private static func remedy(
        _ id: String,
        _ title: String,
        _ cause: String,
        _ steps: [String],
        _ who: String
    ) -> RemedyTemplate {
        let next =
            (try? Template("headgate test {{ connection.path }}")) ?? Template(literal: "headgate test")
        return RemedyTemplate(
            id,
            title: title,
            cause: cause,
            steps: steps,
            who: who,
            takes: "minutes",
            next: next
        )
    }
}
