// SPDX-License-Identifier: Apache-2.0
import Status
import Basics
import Connectors
import Crypto
import Host
import JSON
import Store
import Wizard

/// Where people are led through flows: the shelf of flows, and the workbench that each walk is led at.
struct Reception: Sendable {
    let desk: Desk
    let flows: FlowShelf
    let bench: Workbench
    private let invocation: Invocation
    private let said = Locked(Set<String>())

    /// Opens it; files for other people are written to `folder`.
    init(_ invocation: Invocation, folder: String) async throws {
        let desk = try Desk.made(invocation)
        let place = invocation.place
        let wiring = try await Wiring(desk, place)
        let flows = try await place.flows(wiring.shelf).trusting(desk.ledger)
        self.invocation = invocation
        self.desk = desk
        self.flows = flows
        bench = Workbench(
            home: desk.home,
            ledger: desk.ledger,
            vault: wiring.vault,
            shelf: wiring.shelf,
            maker: wiring.maker,
            settings: desk.settings,
            time: SystemTime(),
            texts: { flow, name in try flows.text(flow, name) },
            person: Person.name,
            command: try Self.command(invocation),
            folder: folder,
            read: { path in
                do { return try ReadFile.bytes(Place.absolute(path)) } catch let stop as Stop {
                    throw UnreadableFile(stop.description)
                }
            },
            write: { path, bytes in
                let whole = Place.absolute(path)
                try WriteFile.text(String(decoding: bytes, as: UTF8.self), to: whole)
                return whole
            },
            collect: { keys in try await Self.collect(keys, desk, wiring.shelf, place) }
        )
    }

    /// How the wizard is called; a home that was named on the command line has to be named again.
    static func command(_ invocation: Invocation) throws -> String {
        guard let home = try invocation.arguments.value("--home") else { return "headgate onboard" }
        let isPlain = home.utf8.allSatisfy {
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 | 0x20 || UInt8(ascii: "-")...UInt8(ascii: "9") ~= $0
                || $0 == UInt8(ascii: "_")
        }
        let word = isPlain ? home : "'" + home.replacing("'", with: "'\\''") + "'"
        return "headgate onboard --home \(word)"
    }

    /// Collects by this process where no host runs here; else waits for the host to have done it.
    private static func collect(
        _ keys: Set<ConnectionKey>,
        _ desk: Desk,
        _ shelf: Shelf,
        _ place: Place
    ) async throws -> FirstCycle {
        let opening: Opening
        do {
            opening = try await Opening(desk, place, log: .silent)
        } catch let failure as StoreFailure {
            guard case .locked = failure else { throw failure }
            return try await FirstCycle.awaited(keys, from: desk.ledger, shelf: shelf, time: SystemTime())
        }
        let pass = OncePass(opening.station, archive: opening.archive, wait: .seconds(20), only: keys)
        return FirstCycle(try await pass.run(), keys)
    }

    /// The flow that leads; of one of the home's that does not lead and might, the person is told once.
    func flow(for purpose: Flow.Purpose, _ connectors: [String], named id: String? = nil) throws -> Flow {
        let choice = try flows.choice(for: purpose, connectors, named: id)
        for remark in choice.remarks where said.withLock({ $0.insert(remark).inserted }) {
            invocation.say(remark)
        }
        return choice.flow
    }

    /// A guide for a new walk.
    func guide(
        _ flow: Flow,
        face: any Face,
        answers: Object = [:],
        credentials: Object = [:],
        offered: OfferedCredential? = nil,
        isConversation: Bool
    ) -> Guide {
        Guide(
            flow,
            bench: bench,
            face: face,
            answers: answers,
            credentials: credentials,
            offered: offered,
            newID: String(Random.uuid().filter { $0 != "-" }.prefix(12)),
            isConversation: isConversation
        )
    }

    /// A guide that takes up the walk `id`, or one that gives it up, which takes nobody's trust in its flow.
    func resumed(
        _ id: String,
        face: any Face,
        _ ahead: AnswersAhead? = nil,
        offered: OfferedCredential? = nil,
        isConversation: Bool = true,
        isOver: Bool = false
    ) async throws -> Guide {
        guard let record = try await desk.ledger.flows().first(where: { $0.id == id }) else {
            throw WizardFailure.noWalk(id)
        }
        return Guide(
            isOver ? try flows.item(record.flow).readable() : try flows.flow(record.flow),
            bench: bench,
            face: face,
            taking: record,
            answers: ahead?.answers ?? [:],
            credentials: ahead?.credentials ?? [:],
            offered: offered,
            newID: id,
            isConversation: isConversation
        )
    }
}
