// SPDX-License-Identifier: Apache-2.0
import CloudSimulator

extension Command {
    static let simulate = Command(
        name: "simulate",
        synopsis: "[--port N] [--scenario FILE] [--clouds FILE]",
        summary: "runs a simulated cloud on loopback",
        help: """
            Runs the simulated cloud alone until it is interrupted. The first line of output is its base URL.

              --port N         the port to listen on; a free one without it
              --scenario FILE  what the cloud holds and how it fails (docs/simulator.md); the demonstration's without it
              --clouds FILE    writes a clouds.json that leads the cloud `lab` here
            """,
        options: ["--port", "--scenario", "--clouds"]
    ) { invocation in
        let arguments = invocation.arguments
        let port = try arguments.value("--port")
        guard let number = UInt16(port ?? "0") else {
            throw Misuse.badValue(option: "--port", value: port ?? "", wanted: "a port from 0 to 65535")
        }
        let scenario =
            try arguments.value("--scenario").map { try Scenario(file: $0) } ?? .demo
        let simulator = try Simulator(scenario)
        let base = try await simulator.start(port: number)
        defer { simulator.stop() }
        if let file = try arguments.value("--clouds") {
            try WriteFile.text(simulator.cloudsDocument + "\n", to: file)
        }
        invocation.output.line(base)
        return try await Interruption.running(afterInterrupt: .done) {
            while true { try await Task.sleep(for: .seconds(3_600)) }
        }
    }
}
