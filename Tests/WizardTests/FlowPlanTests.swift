// SPDX-License-Identifier: Apache-2.0
import Connectors
import JSON
import TestSupport
import Testing
import Wizard

/// What a plan shows of the shipped flows, and what it leaves out.
@Suite struct FlowPlanTests {
    private static let shelf = Result { try Shelf(shipped: Repository.root + "/connectors") }

    private func plan(_ id: String, _ answers: Object = [:], _ config: Object = [:]) throws -> FlowPlan {
        let shelf = try Self.shelf.get()
        let flow = try FlowShelf(Repository.root + "/wizard", shelf: shelf).flow(id)
        let members = flow.members.filter(\.isChosen).map(\.id)
        return FlowPlan(flow, answers, config: config, try members.map { try shelf.usable($0) })
    }

    @Test func `each open way is shown once, and one that a setting opens only with it`() throws {
        #expect(try plan("microsoft-365").ways.count == 4)
        let apps: Object = ["sharedRegistrations": ["main": ["clientKey": "x"]]]
        #expect(try plan("microsoft-365", [:], apps).ways.count == 5)
        let chosen = try plan("microsoft-365", ["way": "device"]).ways
        #expect(chosen.count == 1 && chosen[0].title.isEmpty)
    }

    @Test func `what only puts something right is left out, and each question stands once`() throws {
        for way in try plan("microsoft-365").ways {
            let words = way.steps.map(\.words)
            #expect(Set(words).count == words.count, "\(way)")
            for corrective in ["What now?", "Granting the permissions", "Switching auditing on", "Expiry"] {
                #expect(!words.contains(corrective), "\(way.title)")
            }
            #expect(words.last == "The first cycle" && words.contains("Testing the connection"))
            #expect(way.steps.count <= 12)
        }
    }

    @Test func `what is made is named one by one, with dots for what nobody knows yet`() throws {
        let way = try plan("microsoft-365", ["way": "device", "customer": "contoso"]).ways[0]
        let shown = try #require(way.steps.first { $0.verb == "shows" })
        #expect(shown.details.contains(#"an app registration "Headgate (contoso)" in this tenant only"#))
        #expect(shown.details.contains { $0.hasPrefix("the permission ActivityFeed.Read of Office 365") })
        #expect(shown.details.contains("its certificate, good until …, thumbprint …"))
        #expect(!way.steps.contains { $0.words.contains("{{") || $0.words.contains("Which customer") })
    }

    @Test func `each question names the answers that spare it, and what is begun at the source is said`()
        throws
    {
        let way = try plan("microsoft-365", ["way": "app"]).ways[0]
        #expect(
            way.steps.flatMap(\.answers) == [
                "customer", "credentials.tenantDomain", "credentials.tenantId", "credentials.clientKey",
                "credential",
            ]
        )
        let takes = try #require(way.steps.first { $0.verb == "takes" })
        #expect(takes.details.first == "certificate: a certificate, made here")
        let last = try #require(way.steps.last)
        #expect(last.verb == "changes" && last.details.count == 1)
        #expect(last.details[0].contains("for up to 5 streams, where it is not there yet"), "\(last)")
        // Where collecting only reads, nothing is announced.
        let shelf = try Self.shelf.get()
        let flow = try FlowShelf(Repository.root + "/wizard", shelf: shelf).flow("setup")
        let reads = FlowPlan(flow, [:], [try shelf.usable("okta-system-log")])
        #expect(reads.ways[0].steps.last?.verb == "checks", "\(reads)")
    }

    @Test func `a credential that is given ahead is the one that is planned with`() throws {
        let made = try plan("microsoft-365", ["way": "app", "credential": "certificate"]).ways[0]
        #expect(made.steps.contains { $0.words == "Upload the certificate" })
        let typed = try plan("microsoft-365", ["way": "app", "credential": "secret"]).ways[0]
        #expect(!typed.steps.contains { $0.words == "Upload the certificate" })
    }

    @Test(arguments: ["setup", "rotate", "reauth", "reconfigure", "repair", "remove"])
    func `every flow has a plan that ends`(_ id: String) throws {
        let ways = try plan(id).ways
        #expect(ways.allSatisfy { !$0.steps.isEmpty && $0.steps.count < 20 })
        #expect(!"\(ways)".contains("{{"))
    }

    @Test func `every answer that the flow for Microsoft 365 asks by a name of its own is explained`() throws
    {
        let flow = try FlowShelf(Repository.root + "/wizard", shelf: try Self.shelf.get()).flow(
            "microsoft-365"
        )
        let asked = flow.steps.filter { $0.kind == .ask && $0.answer != nil }
        #expect(asked.count > 5)
        for step in asked { #expect(!step.help.isEmpty, "\(step.id)") }
    }
}
