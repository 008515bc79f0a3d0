// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import Glibc
import JSON
import TestSupport

/// A simulated cloud with a command whose home knows it as the cloud `lab`.
struct Lab: Sendable {
    var tool = Tool()
    let cloud: Simulator
    let scenario: Scenario

    /// Starts the cloud; the demonstration's unless another is given.
    init(_ scenario: Scenario = .demo) async throws {
        self.scenario = scenario
        cloud = try Simulator(scenario)
        try await cloud.start()
        mkdir(tool.home, 0o700)
        tool.folder.write(cloud.cloudsDocument, to: "home/clouds.json")
    }

    /// Answers for a customer of the scenario, with `changes` over them.
    func answers(_ customer: String, _ changes: Object = [:]) -> Value {
        let known = scenario.customers.first { $0.id == customer } ?? scenario.customers[0]
        var object: Object = [
            "customer": .string(known.id), "connector": "office365-management", "name": "o365",
            "cloud": "lab",
            "credentials": ["tenantId": .string(known.tenant), "clientKey": .string(known.app)],
        ]
        for (key, value) in changes { object[key] = value }
        return .object(object)
    }

    /// The secret that a customer's app is connected with.
    func secret(_ customer: String) -> String {
        (scenario.customers.first { $0.id == customer } ?? scenario.customers[0]).secret
    }

    /// Adds a customer as a person would.
    func add(_ customer: String, _ changes: Object = [:], _ more: String...) async throws -> Tool.Outcome {
        let file = tool.folder.write(answers(customer, changes).text(), to: "answers-\(customer).json")
        let secret = tool.folder.write(secret(customer) + "\n", to: "secret-\(customer)")
        return try await tool.run(["connection", "add", "--answers", file, "--secret-file", secret] + more)
    }

    func json(_ arguments: String...) async throws -> Value {
        try Value(parsing: Array(try await tool.run(arguments).out.utf8))
    }
}
