// SPDX-License-Identifier: Apache-2.0
import Basics
import HTTPServer
import JSON

/// The faults in force, with how often each has acted.
struct FaultTable: Sendable {
    struct Row: Sendable {
        var fault: Fault
        /// Requests that matched.
        var met = 0
        /// Times it acted.
        var acted = 0
    }

    /// What is known of a request besides its text.
    struct Circumstances {
        var tenant: Scenario.Tenant?
        var app: String
        var blob: (index: Int, created: Timestamp)?
        /// The page that it asks for, the first being 1.
        var page: Int
        var now: Timestamp
        var start: Timestamp
    }

    private(set) var rows: [Row] = []
    private var made = 0

    init(_ faults: [Fault]) {
        for fault in faults { add(fault) }
    }

    /// Adds a fault, in place of one of the same name, and answers its name.
    @discardableResult
    mutating func add(_ fault: Fault) -> String {
        var fault = fault
        if fault.id.isEmpty {
            made += 1
            fault.id = "fault-\(made)"
        }
        rows.removeAll { $0.fault.id == fault.id }
        rows.append(Row(fault: fault))
        return fault.id
    }

    /// Takes a fault back, or all of them.
    mutating func remove(_ id: String?) { rows.removeAll { id == nil || $0.fault.id == id } }

    /// The faults that act on a request; they are counted.
    mutating func take(_ call: Call, _ circumstances: Circumstances) -> [Fault] {
        guard !rows.isEmpty else { return [] }
        let (now, start) = (circumstances.now, circumstances.start)
        var acting: [Fault] = []
        for index in rows.indices {
            let fault = rows[index].fault
            guard rows[index].acted < fault.times ?? .max,
                fault.match.meets(call, circumstances),
                fault.action.natural.contains(call.operation),
                fault.action.isItemwise || fault.match.names(circumstances.blob, start: start),
                circumstances.page > 1 || !fault.action.isOfLaterPages,
                fault.from.map({ $0.instant(start: start) <= now }) ?? true,
                fault.until.map({ now < $0.instant(start: start) }) ?? true
            else { continue }
            rows[index].met += 1
            if rows[index].met <= fault.skip { continue }
            if !fault.rhythm.isEmpty {
                let beats = Array(fault.rhythm.utf8)
                let beat = beats[(rows[index].met - fault.skip - 1) % beats.count]
                if beat != UInt8(ascii: "x") { continue }
            }
            // Whether one on entries acts is known when they are listed.
            if !fault.action.isItemwise { rows[index].acted += 1 }
            acting.append(fault)
        }
        return acting
    }

    /// Counts faults on entries that acted.
    mutating func count(_ ids: Set<String>) {
        for index in rows.indices where ids.contains(rows[index].fault.id) { rows[index].acted += 1 }
    }

    /// The table as JSON.
    var value: Value {
        .array(
            rows.map { row in
                ["id": .string(row.fault.id), "met": .int(row.met), "acted": .int(row.acted)]
            }
        )
    }
}

extension Fault.Match {
    /// Whether a request is meant, its blob left aside.
    func meets(_ call: Call, _ circumstances: FaultTable.Circumstances) -> Bool {
        let (tenant, app) = (circumstances.tenant, circumstances.app)
        if !operations.isEmpty, !operations.contains(call.operation) { return false }
        if let method, method != call.request.method { return false }
        if let path, !glob(path, call.request.path) { return false }
        if let wanted = self.tenant, wanted != call.tenant, wanted != tenant?.id,
            !(tenant?.domains.contains(wanted) ?? false)
        {
            return false
        }
        if let wanted = self.app, wanted != app { return false }
        if let page, page != circumstances.page { return false }
        if let type {
            let asked = call.query("contentType").flatMap { ContentType(anyCase: $0) }
            guard (asked ?? Blob.parts(ofID: call.rest)?.type) == type else { return false }
        }
        return true
    }

    /// Whether the blob is meant; without a blob only matches that name none.
    func names(_ found: (index: Int, created: Timestamp)?, start: Timestamp) -> Bool {
        guard namesBlobs else { return true }
        guard let found else { return false }
        if let blob, blob != found.index { return false }
        if let createdFrom, found.created < createdFrom.instant(start: start) { return false }
        if let createdTo, found.created >= createdTo.instant(start: start) { return false }
        return true
    }
}

extension Fault.Action {
    /// Whether it acts on entries of a listing, each matched by itself.
    var isItemwise: Bool {
        switch self {
        case .foreignContent, .localhostContent, .duplicateBlob, .hidden: true
        default: false
        }
    }

    /// Whether it makes sense only where a page token is given back.
    var isOfLaterPages: Bool { if case .lostPage = self { true } else { false } }

    /// The operations on which it makes sense.
    var natural: Set<Operation> {
        let feed: Set<Operation> = [.start, .stop, .list, .content, .fetch, .notifications, .sensitiveTypes]
        let listings = Set(Operation.allCases.filter(\.listsItems))
        let counted: Set<Operation> = [.healthOverviews, .issues, .messages]
        switch self {
        case .pageLoop, .foreignNextPage: return listings.union([.content, .notifications])
        case .emptyPage, .shortPage, .repeatedItem: return listings
        case .lostPage: return listings.subtracting(counted).union([.content, .notifications])
        case .tooWide: return [.signIns, .directoryAudits, .provisioning, .okta]
        case .unlicensed: return [.signIns, .provisioning, .riskDetections, .riskyUsers]
        case .foreignContent, .localhostContent, .duplicateBlob, .hidden:
            return [.content, .notifications]
        case .duplicateRecords, .expired, .missing, .unreadable: return [.fetch]
        case .coolDown: return [.start]
        case .auditingOff: return feed
        case .expiredToken: return feed.union(listings).union([.graph, .exchange])
        default: return Set(Operation.allCases).subtracting([.control])
        }
    }
}

/// Whether `text` matches `pattern`, in which `*` stands for anything.
func glob(_ pattern: String, _ text: String) -> Bool {
    let (pattern, text) = (Array(pattern.utf8), Array(text.utf8))
    var (p, t, star, mark) = (0, 0, -1, 0)
    while t < text.count {
        if p < pattern.count, pattern[p] == 0x2a {
            (star, mark) = (p, t)
            p += 1
        } else if p < pattern.count, pattern[p] == text[t] {
            p += 1
            t += 1
        } else if star >= 0 {
            mark += 1
            (p, t) = (star + 1, mark)
        } else {
            return false
        }
    }
    return pattern[p...].allSatisfy { $0 == 0x2a }
}
