// SPDX-License-Identifier: Apache-2.0
import Host
import Source
import Status
import Store
import Testing

/// The sessions that connections are asked through.
@Suite struct SessionsTests {
    @Test func `a connection that was moved to another app after it was read is asked through the new one`()
        async throws
    {
        let rig = try await Rig()
        let read = try #require(await rig.ledger.connection(rig.connection))
        let definition = try rig.station.shelf.usable(for: read)
        let former = try #require(await rig.ledger.registrations().first { $0.id == read.registration })
        var other = former
        other.id = "another"
        other.clientKey = "5f3c1b52-6a0e-4b7d-9c1f-2f60f1c7a0b2"
        var moved = read
        moved.registration = other.id
        try await rig.ledger.write([
            .registration(other), .connection(moved), .removeRegistration(former.id),
        ])
        let session = try await rig.station.sessions.session(of: read, definition)
        #expect(session.owner.registration == other.id)
        try await rig.ledger.write([.connection(read), .removeRegistration(other.id)])
        await #expect(throws: StoreFailure.self) {
            try await rig.station.sessions.session(of: read, definition)
        }
    }
}
