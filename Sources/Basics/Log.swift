// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Writes one line a happening to standard error: logfmt on a terminal, JSON elsewhere.
///
/// Levels go by consequence: *error* when data is lost or a person is needed, *warning* when something odd
/// was recovered, *info* when a person's action took effect, *debug* for the machine's own steps.
package struct Log: Sendable {
    /// How much a happening matters, the least first.
    package enum Level: Int, Sendable, Comparable, CaseIterable {
        case debug, info, warning, error
        package static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
        var word: String { ["debug", "info", "warning", "error"][rawValue] }
    }

    /// What lies below it is not written.
    package let level: Level
    private let fields: [(String, String)]
    private let sink: @Sendable (String) -> Void
    private let json: Bool
    private let time: any TimeSource

    /// A log that writes to standard error from `level` upwards.
    package init(level: Level = .info, time: any TimeSource = SystemTime()) {
        self.init(level: level, json: isatty(STDERR_FILENO) == 0, time: time) { line in
            let bytes = Array((line + "\n").utf8)
            _ = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
        }
    }

    /// A log that hands each finished line, without its newline, to `sink`.
    package init(level: Level, json: Bool, time: any TimeSource, sink: @escaping @Sendable (String) -> Void) {
        self.init(level: level, json: json, time: time, fields: [], sink: sink)
    }

    private init(
        level: Level,
        json: Bool,
        time: any TimeSource,
        fields: [(String, String)],
        sink: @escaping @Sendable (String) -> Void
    ) {
        self.level = level
        self.json = json
        self.time = time
        self.fields = fields
        self.sink = sink
    }

    /// A log that writes nothing.
    package static var silent: Log { Log(level: .error, json: false, time: SystemTime()) { _ in } }

    /// The same log with `fields` on every line.
    package func with(_ fields: KeyValuePairs<String, String>) -> Log {
        Log(
            level: level,
            json: json,
            time: time,
            fields: self.fields + fields.map { ($0.key, $0.value) },
            sink: sink
        )
    }

    /// Records a step of the machine's own.
    package func debug(_ message: @autoclosure () -> String, _ fields: KeyValuePairs<String, String> = [:]) {
        record(.debug, message, fields)
    }
    /// Records that a person's action took effect.
    package func info(_ message: @autoclosure () -> String, _ fields: KeyValuePairs<String, String> = [:]) {
        record(.info, message, fields)
    }
    /// Records something odd that was recovered.
    package func warning(_ message: @autoclosure () -> String, _ fields: KeyValuePairs<String, String> = [:])
    {
        record(.warning, message, fields)
    }
    /// Records that data is lost or a person is needed.
    package func error(_ message: @autoclosure () -> String, _ fields: KeyValuePairs<String, String> = [:]) {
        record(.error, message, fields)
    }

    private func record(_ level: Level, _ message: () -> String, _ more: KeyValuePairs<String, String>) {
        guard level >= self.level else { return }
        let head = [("time", time.now.millisecondsText), ("level", level.word), ("message", message())]
        let all = head + fields + more.map { ($0.key, $0.value) }
        let line =
            json
            ? "{" + all.map { quoted($0.0) + ":" + quoted($0.1) }.joined(separator: ",") + "}"
            : all.map { $0.0 + "=" + (plain($0.1) ? $0.1 : quoted($0.1)) }.joined(separator: " ")
        sink(Redaction.shared.redact(line))
    }

    private func plain(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { $0 > 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "=") }
    }

    /// The text as a JSON string; control characters are escaped so that one happening stays one line.
    private func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\r": out += "\\r"
            case "\t": out += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7f:
                let hex = String(scalar.value, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }
}
