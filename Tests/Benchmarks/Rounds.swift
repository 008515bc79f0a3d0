// SPDX-License-Identifier: Apache-2.0

/// Samples of several commands that are measured in turn, so that what disturbs a machine meets all of them.
struct Rounds {
    private var samples: [String: [Sample]] = [:]
    private var order: [String] = []

    /// Adds a sample.
    mutating func add(_ name: String, _ sample: Sample) {
        if samples[name] == nil { order.append(name) }
        samples[name, default: []].append(sample)
    }

    /// The newest of each, for people.
    var latest: String {
        order.map { "\($0) \((samples[$0]?.last?.wall ?? .nan).text(3)) s" }.joined(separator: ", ")
    }

    /// The row of `name`; its ratio is the median of those of each round, since rounds differ more than commands do.
    func row(_ what: String, _ name: String, against other: String? = nil, wanted: String = "", note: String)
        -> Report.Row
    {
        let own = samples[name] ?? []
        let ratio = other.map { zip(own, samples[$0] ?? []).map { $0.wall / $1.wall }.median }
        return Report.Row(what, own.typical, ratio: ratio, wanted: wanted, note: note)
    }

    /// What is typical of `name`.
    func typical(_ name: String) -> Sample { (samples[name] ?? []).typical }

    /// How one stands to another, in the median of the rounds.
    func ratio(_ name: String, _ other: String) -> String {
        zip(samples[name] ?? [], samples[other] ?? []).map { $0.wall / $1.wall }.median.text(2) + "x"
    }

    /// How many of `count` things a second were done.
    func rate(_ name: String, _ count: Int) -> String {
        Int(Double(count) / (samples[name] ?? []).typical.wall).grouped + " events/s"
    }
}
