// SPDX-License-Identifier: Apache-2.0
package import Basics

/// Makes audit records: the same ones for the same seed, tenant, type and blob, as fast as they can be copied.
package struct EventGenerator: Sendable {
    /// Where one record stands in a blob, and what identifies it.
    package struct Mark: Sendable, Equatable {
        /// The record's id.
        package var id: String
        /// Its operation.
        package var operation: String
        /// Its type.
        package var recordType: Int
        /// Its bytes in the blob.
        package var range: Range<Int>
    }

    private struct Mix: Sendable {
        var kinds: [(kind: DistributionProfile.Kind, template: EventTemplate, upTo: Int)] = []
        var all = 0
    }

    private let seed: UInt64
    private let mixes: [ContentType: Mix]
    /// Text for the one member of each record that makes up its size; taken from any place.
    private let filler: [UInt8]

    /// A generator for the mix and the sizes of `profile`.
    package init(seed: UInt64, profile: DistributionProfile = .builtIn) {
        self.seed = seed
        var mixes: [ContentType: Mix] = [:]
        for type in ContentType.allCases {
            var mix = Mix()
            for kind in profile.kinds(of: type) {
                mix.all += kind.count
                mix.kinds.append((kind, EventTemplate.of(kind.recordType), mix.all))
            }
            mixes[type] = mix
        }
        self.mixes = mixes
        var random = SeededRandom(seed: 0x6865_6164)
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_. ".utf8)
        filler = (0..<32_768).map { _ in letters[random.below(letters.count)] }
    }

    /// Appends blob `index` of a tenant's type to `out`, as records with commas between them.
    package func append(
        _ count: Int,
        blob index: Int,
        of type: ContentType,
        tenant: String,
        domain: String,
        created: Timestamp,
        to out: inout [UInt8],
        marks: ((Mark) -> Void)? = nil
    ) {
        guard let mix = mixes[type] else { return }
        var random = SeededRandom(seed: seed, tenant, type.rawValue, number: index)
        let tenantBytes = Array(tenant.utf8)
        let domainBytes = Array(domain.utf8)
        for position in 0..<count {
            if position > 0 { out.append(0x2c) }
            let pick = random.below(mix.all)
            guard let chosen = mix.kinds.first(where: { pick < $0.upTo }) else { continue }
            let template = chosen.template
            let operation = template.operation(&random)
            let user = names[random.below(names.count)]
            let address = Array("203.0.113.\(random.below(254) + 1)".utf8)
            let id = guidBytes(random.next(), random.next())
            // Most events are minutes old when their blob is made, a few over an hour.
            let age = random.fraction() * random.fraction() * 5_400
            let time = Array((created - .milliseconds(Int64(age * 1_000))).secondsText.utf8)
            let others =
                template.fixedLength + template.domains * domainBytes.count + template.users * user.count
            let given = template.operationSlots * operation.count + template.addresses * address.count
            var fill = max(1, chosen.kind.size(at: random.fraction()) - others - given)
            let start = out.count
            for (slot, segment) in zip(template.slots, template.segments) {
                out.append(contentsOf: segment)
                switch slot {
                case .id: out.append(contentsOf: id)
                case .guid: out.append(contentsOf: guidBytes(random.next(), random.next()))
                case .time: out.append(contentsOf: time)
                case .tenant: out.append(contentsOf: tenantBytes)
                case .domain: out.append(contentsOf: domainBytes)
                case .user: out.append(contentsOf: user)
                case .operation: out.append(contentsOf: operation)
                case .ip: out.append(contentsOf: address)
                case .digits: appendDigits(16, &random, to: &out)
                case .hex: appendDigits(32, &random, to: &out)
                case .fill:
                    while fill > 0 {
                        let place = random.below(filler.count / 2)
                        let length = min(fill, filler.count / 2)
                        out.append(contentsOf: filler[place..<place + length])
                        fill -= length
                    }
                }
            }
            out.append(contentsOf: template.segments[template.slots.count])
            if let marks {
                marks(
                    Mark(
                        id: String(decoding: id, as: UTF8.self),
                        operation: String(decoding: operation, as: UTF8.self),
                        recordType: chosen.kind.recordType,
                        range: start..<out.count
                    )
                )
            }
        }
    }

    private func appendDigits(_ count: Int, _ random: inout SeededRandom, to out: inout [UInt8]) {
        var word: UInt64 = 0
        for index in 0..<count {
            if index & 15 == 0 { word = random.next() }
            out.append(0x30 + UInt8(truncatingIfNeeded: (word >> UInt64((index & 15) * 4)) & 15) % 10)
        }
    }
}

private let names = [
    "ana", "ben", "chen", "dilek", "emre", "fatima", "goran", "hana", "ines", "jonas", "katya", "luis",
    "maren", "noor",
    "olga", "pavel", "quinn", "rosa", "sven", "tomoko", "uma", "viktor", "wanda", "xenia", "yusuf", "zoe",
].map { Array($0.utf8) }
