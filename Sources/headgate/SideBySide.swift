// SPDX-License-Identifier: Apache-2.0

/// Does the same for many at a time and tells what came of each in their order.
enum SideBySide {
    /// How many are under way, so that one dead service does not hold up all others.
    private static let atOnce = 8

    /// Does `work` for all of `elements`; each result is told as soon as it and those before it are there.
    static func of<Element: Sendable, Result: Sendable>(
        _ elements: [Element],
        _ work: @escaping @Sendable (Element) async throws -> Result,
        telling: (Result) -> Void
    ) async throws -> [Result] {
        try await withThrowingTaskGroup(of: (Int, Result).self) { group in
            var found: [Int: Result] = [:]
            var told: [Result] = []
            var waiting = Array(elements.enumerated())[...]
            func start() {
                guard let next = waiting.popFirst() else { return }
                group.addTask { (next.offset, try await work(next.element)) }
            }
            for _ in 0..<atOnce { start() }
            while let (index, result) = try await group.next() {
                start()
                found[index] = result
                while let next = found.removeValue(forKey: told.count) {
                    told.append(next)
                    telling(next)
                }
            }
            return told
        }
    }
}
