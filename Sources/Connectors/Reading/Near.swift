// SPDX-License-Identifier: Apache-2.0

/// Finds the word a person probably meant.
enum Near {
    /// The name that differs from `word` by two letters at most, if one does.
    static func miss(_ word: String, among names: some Sequence<String>) -> String? {
        let close = names.map { ($0, distance(word.lowercased(), $0.lowercased())) }
        guard let best = close.min(by: { $0.1 < $1.1 }), best.1 <= max(1, min(2, word.count / 3)) else {
            return nil
        }
        return best.0
    }

    private static func distance(_ a: String, _ b: String) -> Int {
        let (a, b) = (Array(a), Array(b))
        var row = Array(0...b.count)
        for i in a.indices {
            var diagonal = row[0]
            row[0] = i + 1
            for j in b.indices {
                let above = row[j + 1]
                row[j + 1] = min(above + 1, row[j] + 1, diagonal + (a[i] == b[j] ? 0 : 1))
                diagonal = above
            }
        }
        return row[b.count]
    }
}
