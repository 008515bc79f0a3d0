// SPDX-License-Identifier: Apache-2.0
import Basics
import Store
import Collecting
import Host
import JSON
import Status
import Web

extension Command {
    static let run = Command(
        name: "run",
        synopsis:
            "[--listen ADDRESS:PORT [--name NAME]...] | --once [--wait DURATION] [--collect-only] [--json]",
        summary: "runs the host: collects, delivers, evaluates",
        help: """
            Collects every connection until it is stopped; SIGTERM ends it cleanly. One host at a time runs in a home.

              --listen ADDRESS:PORT
                               serves the collection status there while it runs: / and /customers/ID for people; /status,
                               /metrics, /health, /livez and /readyz for programs. A port alone is of this machine only;
                               beyond it the token of headgate config token is asked for, and TLS is a proxy's matter
              --name NAME      a name under which a proxy or a name server leads here; may be given more than once
              --once           one pass: collects everything that is due, delivers it, evaluates and ends; exit 1 when a
                               stream is failing or blocked or a gap has opened
              --wait DURATION  how long a stream may wait for retries in that pass; PT60S without it
              --collect-only   stores into the journal and leaves delivery to the next pass
              --json           prints what the pass came to
            """,
        options: ["--wait", "--listen", "--name"],
        flags: ["--once", "--collect-only", "--json"]
    ) { invocation in
        let arguments = invocation.arguments
        let isOnce = arguments.has("--once")
        let wait = try arguments.value("--wait")
        let isPartial = arguments.has("--collect-only")
        guard isOnce || (wait == nil && !isPartial && !arguments.has("--json")) else {
            throw Stop(.usage, "--wait, --collect-only and --json go with --once.")
        }
        guard let patience = Duration(iso8601: wait ?? "PT60S") else {
            throw Misuse.badValue(option: "--wait", value: wait ?? "", wanted: "a duration such as PT60S")
        }
        let names = arguments.all("--name")
        let listen = try arguments.value("--listen")
        guard listen == nil ? names.isEmpty : !isOnce else {
            throw Stop(.usage, "--listen goes without --once, and --name with --listen.")
        }
        let address = listen.flatMap { ListenAddress($0) }
        if let listen, address == nil {
            throw Misuse.badValue(
                option: "--listen",
                value: listen,
                wanted: "a numeric address and a port such as 127.0.0.1:8080"
            )
        }
        let level: Log.Level =
            invocation.isVerbose ? .debug : invocation.isQuiet ? .error : isOnce ? .warning : .info
        let desk = try Desk.made(invocation)
        return try await Interruption.running {
            // Opened in here, so that a signal that comes while it opens ends it cleanly as well.
            let opening = try await Opening(desk, invocation.place, log: Log(level: level))
            guard isOnce else {
                let listener = try address.map {
                    try Serving.listener($0, names: names, desk, invocation.place)
                }
                if let listener { invocation.say("The collection status is served at \(listener.url)") }
                try await Serving.serve(Running(opening.station, archive: opening.archive), listener)
                return .done
            }
            if try await desk.ledger.connections().isEmpty {
                invocation.say("Nothing is set up in \(invocation.place.home): begin with headgate onboard.")
            }
            let archive = isPartial ? nil : opening.archive
            let summary = try await OncePass(opening.station, archive: archive, wait: patience).run()
            if arguments.has("--json") {
                invocation.output.json(SummaryDocument.value(summary))
            } else {
                for line in SummaryDocument.lines(summary) { invocation.output.line(line) }
            }
            return summary.needsLook ? .notWell : .done
        }
    }
}

/// What one pass came to, for people and machines.
enum SummaryDocument {
    static func value(_ summary: OncePass.Summary) -> Value {
        [
            "schema": 1, "seconds": .int(summary.took.wholeSeconds), "delivered": .int(summary.delivered),
            "needsLook": .bool(summary.needsLook),
            "streams": .array(
                summary.lines.map { line in
                    [
                        "customer": .string(line.stream.customer),
                        "connection": .string(line.stream.connection),
                        "stream": .string(line.stream.stream),
                        "state": line.assessment.map { .string($0.state.rawValue) } ?? .null,
                        "stored": .int(line.end.stored), "duplicate": .int(line.end.duplicate),
                        "gapsOpened": .int(line.end.gapsOpened), "whole": .bool(line.end.isWhole),
                        "trouble": line.end.setback.map { .string($0.message) } ?? .null,
                    ]
                }
                    + unasked(summary).map { stream, assessment in
                        [
                            "customer": .string(stream.customer), "connection": .string(stream.connection),
                            "stream": .string(stream.stream), "state": .string(assessment.state.rawValue),
                            "stored": 0, "duplicate": 0, "gapsOpened": 0, "whole": false,
                            "trouble": assessment.cause.map { .string($0.message) } ?? .null,
                        ]
                    }
            ),
        ]
    }

    private static func unasked(_ summary: OncePass.Summary) -> [(StreamKey, Assessment)] {
        summary.unasked.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    static func lines(_ summary: OncePass.Summary) -> [String] {
        let lines = summary.lines.filter {
            $0.end.stored > 0 || $0.end.setback != nil || $0.end.gapsOpened > 0
        }
        var table = Table("stream", "state", "stored", "duplicate", "trouble")
        for line in lines {
            table.add(
                line.stream.description,
                line.assessment?.state.rawValue ?? "-",
                String(line.end.stored),
                String(line.end.duplicate),
                line.end.setback?.message ?? "-"
            )
        }
        for (stream, assessment) in unasked(summary) {
            table.add(
                stream.description,
                assessment.state.rawValue,
                "-",
                "-",
                assessment.cause?.message ?? "-"
            )
        }
        let stored = summary.lines.reduce(0) { $0 + $1.end.stored }
        let total =
            "\(stored) records stored from \(summary.lines.count) streams, \(summary.delivered) delivered, in "
            + "\(summary.took.spoken)."
        return (table.isEmpty ? [] : table.lines()) + [total]
    }
}
