// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import JSON
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10)))
struct ProbeTests {
    @Test func `a wrong secret makes a draft that says what to do, and adding again completes it`()
        async throws
    {
        let lab = try await Lab()
        let draft = try await lab.add("fabrikam")
        #expect(draft.exit == 5, "\(draft)")
        #expect(draft.out.contains("kept as a draft"))
        #expect(draft.out.contains("who: "))
        let shown = try await lab.json("status", "--json")
        #expect(shown["customers"]?[0]?["state"] == "draft")
        #expect(shown["customers"]?[0]?["connections"]?[0]?["cause"]?["class"] == "auth")
        let file = lab.tool.folder.write(lab.answers("fabrikam").text(), to: "answers.json")
        let secret = lab.tool.folder.write(lab.secret("contoso"), to: "secret")
        let again = try await lab.tool.run("connection", "add", "--answers", file, "--secret-file", secret)
        #expect(again.exit == 0, "\(again)")
        #expect(again.out.contains("updated"))
        #expect(try await lab.json("status", "--json")["customers"]?[0]?["state"] == "pending")
    }

    @Test func `a tenant without auditing is a draft until it is switched on`() async throws {
        let lab = try await Lab()
        let draft = try await lab.add("northwind", [:], "--json")
        #expect(draft.exit == 5, "\(draft)")
        let value = try Value(parsing: Array(draft.out.utf8))
        #expect(value["standing"] == "draft")
        #expect(value["cause"]?["class"] == "enablement")
        #expect(value["cause"]?["remedy"]?["who"]?.stringValue?.isEmpty == false)
    }

    @Test func `auditing that is off and auditing that was switched on minutes ago have each their own fix`()
        async throws
    {
        let estate = try await Estate {
            $0.tenants[0].auditing = [Scenario.AuditingChange(on: false)]
            $0.apps[0].roles[Estate.tenant]?.append("Exchange.ManageAsApp")
        }
        let line = [
            "connection", "add", "--json", "--answers", estate.answers, "--secret-file", estate.secretFile,
        ]
        let off = try await estate.tool.run(line)
        #expect(off.exit == 5, "\(off)")
        let cause = try Value(parsing: Array(off.out.utf8))["cause"]
        #expect(cause?["class"] == "enablement" && cause?["remedy"]?["id"] == "audit-is-off")
        await estate.simulator.setAuditing(tenant: Estate.tenant, on: true, delay: .minutes(60))
        let early = try await estate.tool.run(line)
        #expect(early.exit == 5, "\(early)")
        let waiting = try Value(parsing: Array(early.out.utf8))["cause"]
        #expect(waiting?["remedy"]?["id"] == "audit-is-starting")
        #expect(waiting?["message"]?.stringValue?.contains(" UTC.") == true)
        await estate.simulator.setAuditing(tenant: Estate.tenant, on: true, delay: .zero)
        let on = try await estate.tool.run(line)
        #expect(on.exit == 0, "\(on)")
        let test = try await estate.tool.run("test", "contoso", "--json")
        let steps = try Value(parsing: Array(test.out.utf8))["tests"]?[0]?["steps"]?.arrayValue ?? []
        let audit = steps.first { $0["id"] == "audit" }
        #expect(audit?["result"] == "pass", "\(test)")
        #expect(audit?["message"] == "Exchange says that unified audit logging is on.")
    }

    @Test func `a missing permission blocks its stream and lets the others collect`() async throws {
        let lab = try await Lab()
        let outcome = try await lab.add("adventure", [:], "--json")
        #expect(outcome.exit == 1, "\(outcome)")
        let value = try Value(parsing: Array(outcome.out.utf8))
        #expect(value["standing"] == "partly")
        let blocked = value["streams"]?.arrayValue?.filter { $0["cause"]?.isNull == false }
        #expect(blocked?.compactMap { $0["id"]?.stringValue } == ["DLP.All"])
        #expect(blocked?.first?["cause"]?["class"] == "permission")
        let pass = try await lab.tool.run("run", "--once", "--json")
        #expect(pass.exit == 1, "\(pass)")
        let states = try Value(parsing: Array(pass.out.utf8))["streams"]?.arrayValue ?? []
        #expect(
            states.filter { $0["state"] == "blocked" }.compactMap { $0["stream"]?.stringValue } == ["DLP.All"]
        )
        #expect(states.count == 5)
    }

    @Test func `the test passes on a healthy tenant and changes nothing`() async throws {
        let lab = try await Lab()
        #expect(try await lab.add("contoso").exit == 0)
        let outcome = try await lab.tool.run("test", "contoso", "--json")
        #expect([0, 1, 4].contains(outcome.exit), "\(outcome)")
        let report = try Value(parsing: Array(outcome.out.utf8))["tests"]?[0]
        #expect(report?["successful"] == true)
        #expect(report?["headline"]?.stringValue?.contains("Connection successful") == true)
        #expect(!lab.cloud.log.entries.contains { $0.path.contains("/subscriptions/st") })
        #expect(try await lab.tool.run("test", "nobody").exit == 2)
    }

    @Test func `the test names the failing stage, and exits with 5`() async throws {
        let lab = try await Lab()
        #expect(try await lab.add("contoso").exit == 0)
        await lab.cloud.setAuditing(tenant: lab.scenario.customers[0].tenant, on: false)
        let outcome = try await lab.tool.run("test", "contoso/o365")
        #expect(outcome.exit == 5, "\(outcome)")
        #expect(outcome.out.contains("Audit enablement"))
        #expect(outcome.out.contains("who: "))
    }

    @Test func `a bad new secret does not take the place of one that others collect with`() async throws {
        var scenario = Scenario.demo
        // Both customers' connections use one registration of the provider's own.
        scenario.customers = scenario.customers.filter { $0.id == "contoso" || $0.id == "tailspin" }
        let lab = try await Lab(scenario)
        #expect(try await lab.add("contoso", ["registration": "own"]).exit == 0)
        #expect(try await lab.add("tailspin", ["registration": "own"]).exit == 0)
        let file = lab.tool.folder.write(
            lab.answers("contoso", ["registration": "own"]).text(),
            to: "answers.json"
        )
        let wrong = lab.tool.folder.write("not-the-secret-at-all", to: "wrong")
        let refused = try await lab.tool.run("connection", "add", "--answers", file, "--secret-file", wrong)
        #expect(refused.exit == 5, "\(refused)")
        #expect(refused.out.contains("left as it was"), "\(refused)")
        #expect([0, 1, 4].contains(try await lab.tool.run("test", "tailspin").exit))
    }

    @Test func `the demonstration ends by itself when asked to, and keeps nothing`() async throws {
        let tool = Tool()
        let outcome = try await tool.run("demo", "--once")
        #expect(outcome.exit == 0, "\(outcome)")
        for word in ["contoso", "fabrikam", "northwind", "adventure", "draft", "BLOCKED", "active"] {
            #expect(outcome.out.contains(word), "\(word) is missing: \(outcome)")
        }
        #expect(tool.folder.files(below: "home").isEmpty)
    }
}
