// SPDX-License-Identifier: Apache-2.0
import Basics
import Collecting
import Connectors
import Host
import Status
import Testing

@Suite("Circuits")
struct CircuitsTests {
    func stream(_ name: String, of connection: String = "o365") -> StreamKey {
        StreamKey(customer: "contoso", connection: connection, stream: name)
    }

    let dead = CycleEnd(setback: Setback(.network, .retry, message: "no answer"))
    let empty = CycleEnd(isWhole: true)

    @Test func `after a second failure one stream looks and the others of its connection wait`() {
        var circuits = Circuits()
        _ = circuits.ended(stream("a"), dead, failures: 1)
        #expect(circuits.allows(stream("b")))
        _ = circuits.ended(stream("a"), dead, failures: 2)
        #expect(circuits.allows(stream("a")))
        #expect(!circuits.allows(stream("b")))
        #expect(circuits.allows(stream("b", of: "signins")))
    }

    @Test func `when the one that looks succeeds, the others are asked at once`() {
        var circuits = Circuits()
        _ = circuits.ended(stream("a"), dead, failures: 2)
        let closed = circuits.ended(stream("a"), empty, failures: 0)
        #expect(closed)
        #expect(circuits.allows(stream("b")))
        let again = circuits.ended(stream("b"), empty, failures: 0)
        #expect(!again)
    }

    @Test func `a trouble of one stream alone holds nobody else back`() {
        var circuits = Circuits()
        let own = CycleEnd(setback: Setback(.permission, .blockStream, message: "not granted"))
        _ = circuits.ended(stream("a"), own, failures: 5)
        #expect(circuits.allows(stream("b")))
    }

    @Test func `a stream that is let go hands its place on`() {
        var circuits = Circuits()
        _ = circuits.ended(stream("a"), dead, failures: 2)
        circuits.drop(stream("a"))
        #expect(circuits.allows(stream("b")))
    }
}
