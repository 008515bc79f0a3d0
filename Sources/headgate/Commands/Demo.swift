// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import Glibc
import Host
import JSON
import Reporting
import Store
import Web

extension Command {
    static let demo = Command(
        name: "demo",
        synopsis: "[--once] [--scenario FILE] [--home DIR]",
        summary: "a simulated cloud, a few customers, and their live status",
        help: """
            Starts a simulated cloud on loopback, connects its customers, collects them and shows their status until it
            is interrupted. It needs no credentials, and nothing leaves this machine.

              --once           collects once, prints the status and ends
              --scenario FILE  another cloud than the demonstration's (docs/simulator.md)
              --home DIR       keeps what was collected there; without it a temporary home is used and removed
            """,
        options: ["--scenario"],
        flags: ["--once"]
    ) { invocation in
        let arguments = invocation.arguments
        let scenario = try arguments.value("--scenario").map { try Scenario(file: $0) } ?? .demo
        let kept = try arguments.value("--home")
        let home = try kept.map(Place.absolute) ?? temporary()
        defer { if kept == nil { WriteFile.remove(folder: home) } }
        let place = try Place(home: home)
        let own = Invocation(arguments: arguments, place: place, output: invocation.output)
        return try await Interruption.running(afterInterrupt: .done) {
            try await play(scenario, own, isOnce: arguments.has("--once"))
        }
    }

    private static func play(_ scenario: Scenario, _ invocation: Invocation, isOnce: Bool) async throws
        -> Exit
    {
        let simulator = try Simulator(scenario)
        let base = try await simulator.start()
        defer { simulator.stop() }
        let home = try Home.open(invocation.place.home)
        try WriteFile.replacing(home.clouds, with: simulator.cloudsDocument + "\n")
        let desk = try Desk.made(invocation)
        guard try await desk.ledger.connections().allSatisfy({ $0.cloud == "lab" }) else {
            throw Stop(
                .refused,
                "\(home.path) is a real home: name another one with --home, or leave it out."
            )
        }
        invocation.say("A simulated cloud answers at \(base); state lives in \(home.path).")
        try await connect(scenario, desk, invocation)
        let level: Log.Level = invocation.isVerbose ? .debug : .error
        let log = invocation.isVerbose ? Log(level: level) : .silent
        let opening = try await Opening(desk, invocation.place, log: log)
        let style = isOnce ? Live(invocation.output).style() : Live(invocation.output).shortStyle()
        let look: @Sendable () async throws -> [String] = {
            let report = try await StatusView.report(
                desk.ledger,
                opening.station.shelf,
                now: SystemTime().now
            )
            return StatusText(report, style: style).lines
        }
        if isOnce {
            _ = try await OncePass(opening.station, archive: opening.archive, wait: .seconds(5)).run()
            for line in try await look() { invocation.output.line(line) }
            return .done
        }
        let listener = try Serving.listener(.here, desk, invocation.place)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await Serving.serve(Running(opening.station, archive: opening.archive), listener)
            }
            group.addTask {
                let live = Live(invocation.output)
                live.clear()
                while true {
                    // On top, since what does not fit a screen is cut off at its foot.
                    live.show(["In a browser: \(listener.url)   Ctrl-C ends it.", ""] + (try await look()))
                    try await Task.sleep(for: .seconds(1))
                }
            }
            defer { group.cancelAll() }
            try await group.next()
            return .done
        }
    }

    private static func connect(_ scenario: Scenario, _ desk: Desk, _ invocation: Invocation) async throws {
        let admission = Admission(desk: desk, wiring: try await Wiring(desk, invocation.place))
        for customer in scenario.customers {
            let answers: Value = [
                "customer": .string(customer.id), "customerName": .string(customer.name),
                "connector": "office365-management", "name": "o365", "cloud": "lab",
                "credentials": ["tenantId": .string(customer.tenant), "clientKey": .string(customer.app)],
                "start": "P1D",
            ]
            let (added, _) = try await admission.add(
                AnswersFile(parsing: answers.bytes()),
                OfferedCredential(secret: Secret(customer.secret))
            )
            invocation.say("\(customer.id): \(customer.note); \(added.standing.rawValue)")
        }
    }

    private static func temporary() throws -> String {
        let base = Place.variable("TMPDIR") ?? "/tmp"
        var template = Array((base + "/headgate-demo-XXXXXX").utf8CString)
        guard let made = mkdtemp(&template) else {
            throw Stop(
                .refused,
                "No temporary home could be made below \(base): \(String(cString: strerror(errno)))."
            )
        }
        return String(cString: made)
    }
}
