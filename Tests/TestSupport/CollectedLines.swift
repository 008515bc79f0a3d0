// SPDX-License-Identifier: Apache-2.0
package import Basics

/// Keeps what a log writes, for a test to read.
package final class CollectedLines: Sendable {
    private let lines = Locked([String]())

    /// Starts empty.
    package init() {}

    /// Every line so far.
    package var all: [String] { lines.withLock { $0 } }

    /// A log that writes here, everything from `debug` upwards.
    package func log(time: any TimeSource = SystemTime()) -> Log {
        Log(level: .debug, json: true, time: time) { line in self.lines.withLock { $0.append(line) } }
    }
}
