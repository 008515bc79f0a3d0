// SPDX-License-Identifier: Apache-2.0
import Basics
import Glibc
import TestSupport

/// A process that the tests started, its output going to files so that no pipe can fill up.
final class Child: Sendable {
    struct CannotStart: Error { let reason: String }

    let pid: pid_t
    private let output: String
    private let errors: String
    private let ended = Locked(Int32?.none)

    init(
        program: String,
        arguments: [String],
        environment: [String: String],
        input: String,
        output: String,
        errors: String
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // The child must not inherit what the test runner ignores or blocks.
        var every = sigset_t()
        sigfillset(&every)
        posix_spawnattr_setsigdefault(&attributes, &every)
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

        let kept = ["PATH", "HOME", "TMPDIR", "LANG", "LD_LIBRARY_PATH"]
        var variables = environment
        for name in kept where variables[name] == nil {
            variables[name] = getenv(name).map { String(cString: $0) }
        }
        var argv: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
        var envp: [UnsafeMutablePointer<CChar>?] = variables.map { strdup($0.key + "=" + $0.value) } + [nil]
        defer { (argv + envp).forEach { free($0) } }
        var pid: pid_t = 0
        let status = posix_spawn(&pid, program, &actions, &attributes, &argv, &envp)
        guard status == 0 else {
            throw CannotStart(reason: "\(program): \(String(cString: strerror(status)))")
        }
        self.pid = pid
        self.output = output
        self.errors = errors
    }

    deinit {
        if !hasEnded {
            kill(pid, SIGKILL)
            waitpid(pid, nil, 0)
        }
    }

    var out: String { String(decoding: TemporaryFolder.contents(of: output) ?? [], as: UTF8.self) }
    var err: String { String(decoding: TemporaryFolder.contents(of: errors) ?? [], as: UTF8.self) }

    func send(_ signal: Int32) { if !hasEnded { kill(pid, signal) } }

    /// Whether the process is over; collects it when it is.
    var hasEnded: Bool {
        ended.withLock { ended in
            if ended != nil { return true }
            var status: Int32 = 0
            guard waitpid(pid, &status, WNOHANG) == pid else { return false }
            ended = status
            return true
        }
    }

    /// Waits for the end; past `limit` the process is killed.
    func end(within limit: Duration = .seconds(60)) async -> Tool.Outcome {
        let deadline = ContinuousClock.now + limit
        while !hasEnded {
            if ContinuousClock.now > deadline { kill(pid, SIGKILL) }
            try? await Task.sleep(for: .milliseconds(4))
        }
        let status = ended.withLock { $0 } ?? 0
        let signal = status & 0x7f
        return Tool.Outcome(
            exit: signal == 0 ? (status >> 8) & 0xff : -1,
            signal: signal == 0 ? nil : signal,
            out: out,
            err: err
        )
    }

    /// The first line of standard output, as soon as it is complete; `nil` when the process ends without one.
    func firstLine(within limit: Duration = .seconds(180)) async -> String? {
        let deadline = ContinuousClock.now + limit
        while ContinuousClock.now < deadline {
            let over = hasEnded
            let text = out
            if let end = text.firstIndex(of: "\n") { return String(text[..<end]) }
            if over { return nil }
            try? await Task.sleep(for: .milliseconds(4))
        }
        return nil
    }
}
