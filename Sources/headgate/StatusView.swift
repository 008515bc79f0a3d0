// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Host
import JSON
import Reporting
import Status
import Store

/// The collection status as this process sees it, at one instant.
enum StatusView {
    /// The status of a home; one without a ledger has nothing set up, one whose ledger does not read says so.
    static func report(_ invocation: Invocation, now: Timestamp) async throws -> StatusReport {
        let shelf = try invocation.place.shelf()
        do {
            guard let desk = try Desk.existing(invocation) else {
                return builder(shelf).report(Picture(), now: now)
            }
            return try await report(desk, shelf, now: now)
        } catch let failure as StoreFailure {
            switch failure {
            // A place that is no home of ours has no state that could be unknown.
            case .tooWide, .noHome: throw failure
            default: return builder(shelf).unreadable(failure, now: now)
            }
        }
    }

    /// The status of a home that this process has open already, with what it says of whoever should look at it.
    static func report(_ desk: Desk, _ shelf: Shelf, now: Timestamp) async throws -> StatusReport {
        do {
            let builder = builder(try await shelf.trusting(desk.ledger))
            var picture = try await Picture.of(desk.ledger)
            // A host that could not even write down that the disk is full is spoken for.
            if picture.tick?.cause == nil, DiskRoom(desk.home)?.isFull == true {
                var tick = picture.tick ?? HostFacts(version: Headgate.version)
                tick.cause = .diskFull(desk.home, since: now)
                picture.tick = tick
            }
            return builder.report(picture, now: now)
        } catch let failure as StoreFailure {
            return builder(shelf).unreadable(failure, now: now)
        }
    }

    /// The status of a home that this process has open already, by the facts alone.
    static func report(_ ledger: any Ledger, _ shelf: Shelf, now: Timestamp) async throws -> StatusReport {
        builder(shelf).report(try await Picture.of(ledger), now: now, overlay: false)
    }

    /// Only what was named, which has to be there where the ledger could be read.
    static func narrowed(_ report: StatusReport, to name: Selection?) throws -> StatusReport {
        guard let name else { return report }
        if report.host.ledgerIsReadable, !report.has(name.scope) {
            let (kind, known) =
                report.has(.customer(name.customer))
                ? ("", report.of(customer: name.customer).customers.flatMap(\.connections).map(\.id))
                : ("customer ", report.customers.map(\.id))
            let rest = known.isEmpty ? "." : "; there is \(known.joined(separator: ", "))."
            throw Stop(.usage, "There is no \(kind)\(kind.isEmpty ? "\(name)" : name.customer)" + rest)
        }
        return report.of(name.scope)
    }

    /// Writes the status as a page, in whose head the settings' own name stands.
    static func write(
        _ report: StatusReport,
        of customer: String?,
        to path: String,
        _ invocation: Invocation
    ) async throws {
        var history = StatusHistory()
        var sender: String?
        if report.host.ledgerIsReadable, let desk = try Desk.existing(invocation) {
            history = try await StatusHistory.of(desk.ledger, customer: customer, now: report.evaluatedAt)
            sender = desk.settings.value("branding")?["name"]?.stringValue
        }
        let whole = Place.absolute(path)
        try WriteFile.replacing(whole, with: StatusPage(report, history: history, sender: sender).text)
        invocation.say("Written: \(whole)")
    }

    private static func builder(_ shelf: Shelf) -> StatusBuilder {
        StatusBuilder(definitions: definitions(shelf), version: Headgate.version) { shelf.refusal(of: $0) }
    }

    private static func definitions(_ shelf: Shelf) -> [String: Definition] {
        var found: [String: Definition] = [:]
        for item in shelf.items {
            if let definition = item.definition, found[item.id] == nil { found[item.id] = definition }
        }
        return found
    }
}
