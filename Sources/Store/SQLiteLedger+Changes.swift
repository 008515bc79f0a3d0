// SPDX-License-Identifier: Apache-2.0
import Basics
import JSON
import Status

extension SQLiteLedger {
    /// Makes one change within the running transaction.
    func make(_ change: LedgerChange) throws(StoreFailure) {
        switch change {
        case .customer(let customer):
            try database.run(
                """
                INSERT INTO customers(id, name, created) VALUES (?1, ?2, ?3)
                ON CONFLICT(id) DO UPDATE SET name = excluded.name
                """,
                .text(customer.id),
                .text(customer.name),
                .time(customer.created)
            )
        case .removeCustomer(let id): try database.run("DELETE FROM customers WHERE id = ?1", .text(id))
        case .registration(let registration): try put(registration)
        case .credential(let id, let move): try put(registration(id).making(move))
        case .removeRegistration(let id):
            try database.run("DELETE FROM registrations WHERE id = ?1", .text(id))
        case .connection(let connection): try put(connection)
        case .removeConnection(let key): try remove(key)
        case .hold(let stream, let hold): try setHold(hold, of: stream)
        case .history(let stream, let from): try ask(for: stream, from: from)
        case .plans(let key, let plans): try note(plans, of: key)
        case .stream(let stream, let effect): try apply(effect, to: stream, number: try number(of: stream))
        case .carry(let carried): try carry(carried)
        case .trust(let trust):
            try database.run(
                """
                INSERT INTO trusts(kind, id, digest, by, at) VALUES (?1, ?2, ?3, ?4, ?5)
                ON CONFLICT(kind, id) DO UPDATE SET digest = excluded.digest, by = excluded.by, at = excluded.at
                """,
                .text(trust.kind.rawValue),
                .text(trust.id),
                .text(trust.digest),
                .text(trust.by),
                .time(trust.at)
            )
        case .flow(let record):
            try database.run(
                """
                INSERT INTO flows(id, flow, begun, touched, body) VALUES (?1, ?2, ?3, ?4, ?5)
                ON CONFLICT(id) DO UPDATE SET touched = excluded.touched, body = excluded.body
                """,
                .text(record.id),
                .text(record.flow),
                .time(record.begun),
                .time(record.touched),
                .json(record.body)
            )
        case .removeFlow(let id): try database.run("DELETE FROM flows WHERE id = ?1", .text(id))
        case .tick(let facts):
            try database.run(
                "INSERT INTO host(id, body) VALUES (1, ?1) ON CONFLICT(id) DO UPDATE SET body = excluded.body",
                .json(facts.body)
            )
        case .state(let stream, let standing, let change):
            let number = try number(of: stream)
            try database.run(
                "UPDATE streams SET standing = ?2 WHERE number = ?1",
                .integer(number),
                .json(standing.json)
            )
            if let change {
                try database.run(
                    "INSERT INTO changes(stream, at, body) VALUES (?1, ?2, ?3)",
                    .integer(number),
                    .time(change.at),
                    .json(change.body)
                )
            }
        case .wake(let stream):
            try database.run(
                "INSERT OR IGNORE INTO wakes(stream) VALUES (?1)",
                .integer(try number(of: stream))
            )
        case .ack(let ack): try put(ack)
        case .delivered(let delivery): try note(delivery)
        case .forgetFiles(let destination, let paths):
            for path in paths {
                try database.run(
                    "DELETE FROM delivered_files WHERE destination = ?1 AND path = ?2",
                    .text(destination),
                    .text(path)
                )
            }
        }
    }

    private func put(_ registration: Registration) throws(StoreFailure) {
        try database.run(
            """
            INSERT INTO registrations(id, cloud, tenant, client_key, body, created)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            ON CONFLICT(id) DO UPDATE SET cloud = excluded.cloud, tenant = excluded.tenant,
            client_key = excluded.client_key, body = excluded.body
            """,
            .text(registration.id),
            .text(registration.cloud),
            .text(registration.tenant),
            .text(registration.clientKey),
            .json(registration.body),
            .time(registration.created)
        )
    }

    private func registration(_ id: String) throws(StoreFailure) -> Registration {
        let found = try database.first(
            "SELECT id, cloud, tenant, client_key, body, created FROM registrations WHERE id = ?1",
            .text(id)
        ) { (row) throws(StoreFailure) in registration(row) }
        guard let found else { throw .missing("registration \(id) any more") }
        return found
    }

    private func put(_ connection: Connection) throws(StoreFailure) {
        try database.run(
            """
            INSERT INTO connections(customer, connection, body) VALUES (?1, ?2, ?3)
            ON CONFLICT(customer, connection) DO UPDATE SET body = excluded.body
            """,
            .text(connection.key.customer),
            .text(connection.key.connection),
            .json(connection.body)
        )
        for stream in connection.streamKeys { _ = try number(of: stream) }
    }

    private func remove(_ key: ConnectionKey) throws(StoreFailure) {
        let numbers = try database.rows(
            "SELECT number FROM streams WHERE customer = ?1 AND connection = ?2",
            .text(key.customer),
            .text(key.connection)
        ) { (row) throws(StoreFailure) in row.integer(0) }
        for number in numbers {
            for table in ["coverage", "parked", "cursors"] {
                try database.run("DELETE FROM \(table) WHERE stream = ?1", .integer(number))
            }
            // Items that were stored would be fetched again, but their keys are still known; new ones must not be
            // passed over because an older connection knew them.
            try database.run("DELETE FROM items WHERE stream = ?1", .integer(number))
            try database.run("DELETE FROM steps WHERE scope = ?1", .text("s:\(number)"))
            for table in ["held", "held_refs"] {
                try database.run("DELETE FROM \(table) WHERE stream = ?1", .integer(number))
            }
            // Nobody looks any more; what was open stays in the history.
            try database.run(
                "UPDATE issues SET closed = ?2 WHERE stream = ?1 AND closed IS NULL",
                .integer(number),
                .time(time.now)
            )
            try database.run(
                "UPDATE streams SET facts = NULL, standing = NULL WHERE number = ?1",
                .integer(number)
            )
        }
        for number in numbers { try database.run("DELETE FROM wakes WHERE stream = ?1", .integer(number)) }
        try database.run("DELETE FROM steps WHERE scope = ?1", .text("c:\(key)"))
        try database.run("DELETE FROM acks WHERE connection = ?1", .text(key.description))
        try database.run(
            "DELETE FROM connections WHERE customer = ?1 AND connection = ?2",
            .text(key.customer),
            .text(key.connection)
        )
    }

    private func setHold(_ hold: Hold?, of stream: StreamKey) throws(StoreFailure) {
        guard var connection = try find(stream.connectionKey),
            let index = connection.streams.firstIndex(where: { $0.stream == stream.stream })
        else { throw .missing("stream \(stream)") }
        connection.streams[index].hold = hold
        try put(connection)
    }

    private func ask(for stream: StreamKey, from: Timestamp) throws(StoreFailure) {
        guard var connection = try find(stream.connectionKey),
            let index = connection.streams.firstIndex(where: { $0.stream == stream.stream })
        else { throw .missing("stream \(stream)") }
        let asked = connection.streams[index].historyFrom ?? from
        connection.streams[index].historyFrom = min(asked, from)
        try put(connection)
    }

    private func note(_ plans: HeldPlans, of key: ConnectionKey) throws(StoreFailure) {
        // A connection that was taken off meanwhile has no plans.
        guard var connection = try find(key) else { return }
        connection.plans = plans
        try put(connection)
    }

    private func carry(_ carried: CarriedConnection) throws(StoreFailure) {
        guard var connection = try find(carried.key), connection.version == carried.from else { return }
        connection.version = carried.to
        connection.credentials = carried.credentials
        try put(connection)
        try database.run(
            "INSERT INTO events(customer, connection, at, words) VALUES (?1, ?2, ?3, ?4)",
            .text(carried.key.customer),
            .text(carried.key.connection),
            .time(carried.event.at),
            .text(carried.event.words)
        )
    }

    private func note(_ delivery: Delivery) throws(StoreFailure) {
        try database.run(
            """
            INSERT INTO deliveries(destination, segment, offset) VALUES (?1, ?2, ?3)
            ON CONFLICT(destination) DO UPDATE SET segment = excluded.segment, offset = excluded.offset
            """,
            .text(delivery.destination),
            .number(delivery.cursor.segment),
            .integer(delivery.cursor.offset)
        )
        for (path, length) in delivery.files {
            try database.run(
                """
                INSERT INTO delivered_files(destination, path, length) VALUES (?1, ?2, ?3)
                ON CONFLICT(destination, path) DO UPDATE SET length = excluded.length
                """,
                .text(delivery.destination),
                .text(path),
                .integer(length)
            )
        }
    }
}
