// SPDX-License-Identifier: Apache-2.0
import Basics
import JSON
import Status
import Store

extension Command {
    static let customerList = Command(
        name: "customer list",
        synopsis: "[--json]",
        summary: "lists the customers",
        help: "Lists every customer with its connections.",
        flags: ["--json"]
    ) { invocation in
        let desk = try Desk.existing(invocation)
        let customers = try await desk?.ledger.customers() ?? []
        let connections = try await desk?.ledger.connections() ?? []
        if invocation.arguments.has("--json") {
            let rows = customers.map { CustomerDocument.value($0, connections) }
            invocation.output.json(["schema": 1, "customers": .array(rows)])
            return .done
        }
        guard !customers.isEmpty else {
            invocation.say("No customer yet: headgate onboard makes the first.")
            return .done
        }
        var table = Table("customer", "name", "connections", "since")
        for customer in customers {
            let own = connections.filter { $0.key.customer == customer.id }.map(\.key.connection)
            table.add(customer.id, customer.name, own.joined(separator: ", "), customer.created.day)
        }
        invocation.output.table(table)
        return .done
    }

    static let customerShow = Command(
        name: "customer show",
        synopsis: "CUSTOMER [--json]",
        summary: "shows one customer",
        help: "Shows a customer with its connections and their streams.",
        flags: ["--json"],
        words: 1...1
    ) { invocation in
        let id = invocation.arguments.words[0]
        let desk = try Desk.existing(invocation)
        guard let desk, let customer = try await desk.ledger.customers().first(where: { $0.id == id }) else {
            throw StoreFailure.missing("customer \(id)")
        }
        let connections = try await desk.ledger.connections().filter { $0.key.customer == id }
        if invocation.arguments.has("--json") {
            invocation.output.json(
                ["schema": 1, "customer": CustomerDocument.value(customer, connections)]
            )
            return .done
        }
        invocation.output.line("\(customer.id)  \(customer.name), since \(customer.created.day)")
        for connection in connections {
            let streams = connection.streams.map(\.stream).joined(separator: ", ")
            let draft = connection.isDraft ? " (draft)" : ""
            invocation.output.line(
                "  \(connection.key.connection)  \(connection.connector)\(draft): \(streams)"
            )
        }
        return .done
    }
}

/// A customer as JSON.
enum CustomerDocument {
    static func value(_ customer: Customer, _ connections: [Connection]) -> Value {
        let own = connections.filter { $0.key.customer == customer.id }
        return [
            "id": .string(customer.id), "name": .string(customer.name),
            "created": .string(customer.created.description),
            "connections": .array(own.map { .string($0.key.connection) }),
        ]
    }
}
