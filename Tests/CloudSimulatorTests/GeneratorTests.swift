// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import JSON
import Testing

@Suite struct GeneratorTests {
    static let types: [Int] = DistributionProfile.builtIn.kinds.map(\.recordType) + [11, 13, 63, 99]

    /// Makes `count` events of a type and hands over each with its bytes.
    func make(_ count: Int, _ type: ContentType, seed: UInt64 = 1) -> [(
        mark: EventGenerator.Mark, bytes: [UInt8]
    )] {
        var out: [UInt8] = []
        var marks: [EventGenerator.Mark] = []
        EventGenerator(seed: seed).append(
            count,
            blob: 1,
            of: type,
            tenant: Lab.tenant,
            domain: "contoso.onmicrosoft.com",
            created: Lab.start,
            to: &out
        ) { marks.append($0) }
        return marks.map { ($0, Array(out[$0.range])) }
    }

    @Test(arguments: ContentType.allCases) func `every record is whole`(_ type: ContentType) throws {
        var ids: Set<String> = []
        for (mark, bytes) in make(400, type) {
            let record = try Document(parsing: bytes).root
            #expect(record["Id"]?.stringValue == mark.id)
            #expect(record["Operation"]?.stringValue == mark.operation)
            #expect(record["RecordType"]?.int64 == Int64(mark.recordType))
            #expect(type.recordTypesInTest?.contains(mark.recordType) ?? true)
            #expect(record["OrganizationId"] == .string(Lab.tenant))
            let created = try #require(Timestamp(iso8601: record["CreationTime"]?.stringValue ?? ""))
            #expect(created <= Lab.start && created > Lab.start - .hours(2))
            for key in ["UserId", "UserKey", "UserType", "Version", "Workload"] {
                #expect(record[key] != nil)
            }
            #expect(!String(decoding: bytes, as: UTF8.self).contains("«"))
            ids.insert(mark.id)
        }
        #expect(ids.count == 400)
    }

    @Test func `the same seed makes the same bytes, another one others`() {
        let once = make(50, .exchange).map(\.bytes)
        #expect(make(50, .exchange).map(\.bytes) == once)
        #expect(make(50, .exchange, seed: 2).map(\.bytes) != once)
    }

    @Test func `two clouds of one scenario hold the same events`() async throws {
        let scenario = Lab.scenario { $0.tenants[0].content = Scenario.content(events: 300) }
        let first = try await Lab(scenario)
        let second = try await Lab(scenario)
        defer {
            first.simulator.stop()
            second.simulator.stop()
        }
        for type in ContentType.allCases {
            let events = await first.simulator.events(tenant: Lab.tenant, type: type)
            #expect(await second.simulator.events(tenant: Lab.tenant, type: type) == events)
        }
    }

    @Test func `sizes and mix meet the measured profile`() {
        let shares = DistributionProfile.builtIn.shares(of: 12_000)
        #expect(shares.values.reduce(0, +) == 12_000)
        var sizes: [Int] = []
        var byType: [Int: [Int]] = [:]
        for (type, count) in shares {
            for (mark, bytes) in make(count, type) {
                sizes.append(bytes.count)
                byType[mark.recordType, default: []].append(bytes.count)
            }
        }
        sizes.sort()
        func percentile(_ share: Double) -> Double { Double(sizes[Int(Double(sizes.count) * share)]) }
        for (share, measured) in [(0.1, 788), (0.5, 1_281), (0.9, 1_671), (0.95, 2_123), (0.99, 3_149)] {
            let made = percentile(share)
            #expect(abs(made - Double(measured)) < 0.08 * Double(measured), "p\(share): \(made)")
        }
        let mean = Double(sizes.reduce(0, +)) / Double(sizes.count)
        #expect(abs(mean - 1_342) < 0.05 * 1_342, "mean \(mean)")
        #expect((sizes.last ?? 0) <= 8_900)
        for kind in DistributionProfile.builtIn.kinds where kind.count >= 50 {
            let found = (byType[kind.recordType] ?? []).sorted()
            let share = Double(found.count) / 12_000
            let measured = Double(kind.count) / 5_373
            #expect(abs(share - measured) < 0.2 * measured + 0.001, "share of \(kind.recordType): \(share)")
            guard found.count > 80 else { continue }
            let median = Double(found[found.count / 2])
            #expect(
                abs(median - Double(kind.median)) < 0.08 * Double(kind.median),
                "median of \(kind.recordType): \(median)"
            )
        }
    }

    @Test func `a profile is read from its file's form`() throws {
        let text =
            #"{"record_type": {"1": {"count": 3, "p50_bytes": 900, "max_bytes": 2000}, "x": {"count": 1}}}"#
        let profile = try #require(DistributionProfile(try Value(parsing: Array(text.utf8))))
        #expect(profile.kinds.count == 1)
        #expect(profile.kinds(of: .exchange).map(\.median) == [900])
        // A type that the profile does not have falls back on the built-in one.
        #expect(!profile.kinds(of: .sharePoint).isEmpty)
        #expect(DistributionProfile(["record_type": [:]]) == nil)
    }
}

extension ContentType {
    fileprivate var recordTypesInTest: Set<Int>? {
        switch self {
        case .azureActiveDirectory: [8, 15]
        case .exchange: [1, 2, 3, 50]
        case .sharePoint: [4, 6, 14, 36, 56]
        case .dlp: [11, 13, 63]
        case .general: nil
        }
    }
}
