// SPDX-License-Identifier: Apache-2.0
package import Basics
import Crypto
package import HTTPServer
import JSON
import Reporting
import Status

/// The served pages: collection status for people and machines; nothing is changed here.
package struct Site: Sendable {
    private let door: Door
    private let sight: Sight
    private let glance: Glance

    /// The pages of `sight` behind `door`.
    package init(_ sight: Sight, door: Door, time: any TimeSource) {
        self.door = door
        self.sight = sight
        glance = Glance(time: time, sight.report)
    }

    /// Answers a request.
    package func answer(_ request: Request) async -> Response {
        var response: Response
        if let refusal = door.refusal(of: request) {
            response = refusal
        } else {
            do {
                response = try await page(request)
            } catch {
                let words = Redaction.shared.redact("\(error)")
                response = .text("The status cannot be told now: \(words)\n", status: 503)
            }
        }
        response.headers += Self.fences
        return response
    }

    private func page(_ request: Request) async throws -> Response {
        let parts = request.path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map(
            String.init
        )
        switch parts {
        case ["livez"]: return .text("alive\n")
        case ["readyz"]: return try await readiness()
        case [""]: return try await status(of: nil)
        case ["status"]: return try await json(of: request.query("customer"))
        case ["metrics"]:
            let lines = StatusMetrics(try await glance.report()).lines
            return Self.made(
                lines.joined(separator: "\n") + "\n",
                "application/openmetrics-text; version=1.0.0; charset=utf-8"
            )
        case ["health"]:
            let health = StatusHealth(try await glance.report())
            var response = Self.made(health.json.text(pretty: true) + "\n", "application/health+json")
            if health.verdict == .fail { response.status = 503 }
            return response
        case _ where parts.count == 2 && parts[0] == "customers": return try await status(of: parts[1])
        default: return Self.missing("There is no such page. The status begins at /.")
        }
    }

    /// Whether the ledger can be read; no customer's trouble counts, or a well host would be started anew for it.
    private func readiness() async throws -> Response {
        let host = try await glance.report().host
        return host.ledgerIsReadable
            ? .text("ready\n") : .text("the ledger cannot be read\n", status: 503)
    }

    private func status(of customer: String?) async throws -> Response {
        let report = try await glance.report()
        guard let shown = Self.narrowed(report, customer) else { return Self.unknown(customer) }
        let isShort = customer == nil && StatusPage.isOverview(report)
        let history =
            report.host.ledgerIsReadable && !isShort
            ? try await sight.history(customer, report.evaluatedAt) : StatusHistory()
        let page = StatusPage(
            shown,
            history: history,
            sender: sight.sender,
            way: customer == nil ? .served : .servedAlone
        )
        return Self.made(page.text, "text/html; charset=utf-8")
    }

    private func json(of customer: String?) async throws -> Response {
        guard let shown = Self.narrowed(try await glance.report(), customer) else {
            return Self.unknown(customer)
        }
        return .json(shown.json.text(pretty: true) + "\n")
    }

    private static func narrowed(_ report: StatusReport, _ customer: String?) -> StatusReport? {
        guard let customer else { return report }
        guard report.customers.contains(where: { $0.id == customer }) || !report.host.ledgerIsReadable else {
            return nil
        }
        return report.of(customer: customer)
    }

    private static func unknown(_ customer: String?) -> Response {
        missing("There is no such customer. All of them stand at /.")
    }

    private static func missing(_ words: String) -> Response { .text(words + "\n", status: 404) }

    private static func made(_ text: String, _ type: String) -> Response {
        Response(headers: [("Content-Type", type)], body: Array(text.utf8))
    }

    /// Fields of every answer: nothing runs, nothing is fetched, no frame holds it, nothing is kept.
    private static let fences: [(name: String, value: String)] = [
        (
            "Content-Security-Policy",
            "default-src 'none'; style-src 'sha256-\(Base64.encode(Digest.sha256(Array(PageFrame.style.utf8))))'; "
                + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        ),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Cache-Control", "no-store"),
    ]
}
