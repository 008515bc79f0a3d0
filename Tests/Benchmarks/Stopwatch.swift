// SPDX-License-Identifier: Apache-2.0
import Glibc
import SwiftOverlayShims

/// Wall time, processor time and peak memory of one command.
struct Sample: Sendable {
    var wall: Double
    var cpu: Double
    /// In bytes.
    var peak: Int
    var exit: Int32

    /// One after the other.
    static func + (first: Sample, then: Sample) -> Sample {
        Sample(
            wall: first.wall + then.wall,
            cpu: first.cpu + then.cpu,
            peak: max(first.peak, then.peak),
            exit: max(first.exit, then.exit)
        )
    }
}

/// Runs a command in a small process of its own and measures it.
///
/// A command that is started from a large process inherits that process's peak memory through `exec`; so this program
/// starts itself once more, small, to start and await the command.
enum Stopwatch {
    static let option = "--stopwatch"

    /// Runs `arguments` and measures them; a code beyond `allowed` is a failure.
    static func measure(
        _ arguments: [String],
        environment: [String: String] = [:],
        folder: String,
        allowed: Set<Int32> = [0],
        limit: Duration = .seconds(600)
    ) async throws -> Sample {
        let result = folder + "/stopwatch"
        let child = try Child(
            [Programs.own, option, result] + arguments,
            environment: environment,
            output: folder + "/measured.log"
        )
        try await child.succeed(within: limit)
        let numbers = Files.text(result).split(separator: " ").compactMap { Int($0) }
        guard numbers.count == 4 else { throw BenchFailure("the stopwatch wrote \(Files.text(result))") }
        let sample = Sample(
            wall: Double(numbers[0]) / 1e9,
            cpu: Double(numbers[1]) / 1e6,
            peak: numbers[2] << 10,
            exit: Int32(numbers[3])
        )
        guard allowed.contains(sample.exit) else {
            throw BenchFailure(
                "\(arguments.joined(separator: " ")) ended with \(sample.exit):\n\(child.text.suffix(4_000))"
            )
        }
        return sample
    }

    /// The inner process: runs the rest of the arguments and writes what it took to the first.
    static func run(_ arguments: ArraySlice<String>) -> Int32 {
        guard let result = arguments.first, arguments.count > 1 else { return 2 }
        let command = Array(arguments.dropFirst())
        var argv: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
        defer { argv.forEach { free($0) } }
        let start = now()
        var pid: pid_t = 0
        guard posix_spawnp(&pid, command[0], nil, nil, &argv, environ) == 0 else { return 3 }
        var status: Int32 = 0
        var usage = rusage()
        while wait4(pid, &status, 0, &usage) < 0, errno == EINTR {}
        let wall = now() - start
        let micros = [usage.ru_utime, usage.ru_stime].reduce(0) {
            $0 + $1.tv_sec * 1_000_000 + Int($1.tv_usec)
        }
        let code = status & 0x7f == 0 ? status >> 8 & 0xff : -(status & 0x7f)
        do {
            try Files.write("\(wall) \(micros) \(usage.ru_maxrss) \(code)", to: result)
        } catch { return 4 }
        return 0
    }

    /// Nanoseconds of a clock that only runs forward.
    static func now() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }
}
