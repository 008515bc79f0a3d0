// SPDX-License-Identifier: Apache-2.0
import Basics
package import JSON

extension StreamFacts {
    /// The facts as the ledger keeps them, unset ones left out; instants are nanoseconds so that none is rounded.
    package var json: Value {
        var object = Object([])
        for (key, path) in Self.instants {
            if let instant = self[keyPath: path] { object[key] = .int(instant.nanoseconds) }
        }
        if wholeCycles > 0 { object["wholeCycles"] = .int(Int64(wholeCycles)) }
        if everHadRecord { object["everHadRecord"] = .bool(true) }
        if consecutiveFailures > 0 { object["failures"] = .int(Int64(consecutiveFailures)) }
        if skew != .zero { object["skew"] = .int(skew.wholeNanoseconds) }
        if let cause { object["cause"] = cause.json }
        if let standing { object["standing"] = standing.json }
        if let goodCredential { object["goodCredential"] = .string(goodCredential) }
        if records > 0 { object["records"] = .int(Int64(records)) }
        if !hours.isEmpty { object["hours"] = Self.pairs(hours.mapValues(Int64.init)) }
        for (key, table) in [("dropped", droppedHours), ("redacted", redactedHours)] where !table.isEmpty {
            object[key] = Self.pairs(table.mapValues(Int64.init))
        }
        if !silences.isEmpty { object["silences"] = Self.pairs(silences.mapValues(\.wholeNanoseconds)) }
        if !startedAt.isEmpty {
            let starts = startedAt.sorted { $0.key < $1.key }
            object["startedAt"] = .object(Object(starts.map { ($0.key, .int($0.value.nanoseconds)) }))
        }
        return .object(object)
    }

    /// Reads what ``json`` wrote; unknown and missing members count as unset.
    package init(json value: Value) {
        self.init()
        for (key, path) in Self.instants {
            self[keyPath: path] = value[key]?.int64.map { Timestamp(nanoseconds: $0) }
        }
        wholeCycles = value["wholeCycles"]?.int64.map(Int.init) ?? 0
        everHadRecord = value["everHadRecord"]?.boolValue ?? false
        consecutiveFailures = value["failures"]?.int64.map(Int.init) ?? 0
        skew = .nanoseconds(value["skew"]?.int64 ?? 0)
        cause = value["cause"].flatMap(Cause.init(json:))
        standing = value["standing"].flatMap(Cause.init(json:))
        goodCredential = value["goodCredential"]?.stringValue
        records = value["records"]?.int64.map(Int.init) ?? 0
        hours = Self.numbers(value["hours"]).mapValues(Int.init)
        droppedHours = Self.numbers(value["dropped"]).mapValues(Int.init)
        redactedHours = Self.numbers(value["redacted"]).mapValues(Int.init)
        silences = Self.numbers(value["silences"]).mapValues { .nanoseconds($0) }
        for (key, time) in value["startedAt"]?.objectValue?.members ?? [] {
            startedAt[key] = time.int64.map { Timestamp(nanoseconds: $0) }
        }
    }

    private static var instants: [(String, WritableKeyPath<StreamFacts, Timestamp?>)] {
        [
            ("acceptedAt", \.acceptedAt), ("coveredFrom", \.coveredFrom), ("keptSince", \.keptSince),
            ("historyKept", \.historyKept),
            ("losingSince", \.losingSince), ("lastAttempt", \.lastAttempt), ("lastSuccess", \.lastSuccess),
            ("lastRecordEvent", \.lastRecordEvent), ("lastRecordStored", \.lastRecordStored),
            ("firstRecordStored", \.firstRecordStored), ("watermark", \.watermark),
            ("watermarkMoved", \.watermarkMoved), ("failingSince", \.failingSince), ("nextTry", \.nextTry),
            ("authDoubted", \.authDoubted), ("licenseDoubted", \.licenseDoubted),
            ("relistedTo", \.relistedTo), ("historyFrom", \.historyFrom),
            ("historyDoneTo", \.historyDoneTo), ("quietUntil", \.quietUntil), ("resumedAt", \.resumedAt),
        ]
    }

    /// A table of numbers as one flat array, key after key, so that it stays short in the ledger.
    private static func pairs(_ table: [Int64: Int64]) -> Value {
        .array(table.sorted { $0.key < $1.key }.flatMap { [.int($0.key), .int($0.value)] })
    }

    private static func numbers(_ value: Value?) -> [Int64: Int64] {
        let flat = (value?.arrayValue ?? []).compactMap(\.int64)
        var table: [Int64: Int64] = [:]
        for index in stride(from: 0, to: flat.count - 1, by: 2) { table[flat[index]] = flat[index + 1] }
        return table
    }
}
