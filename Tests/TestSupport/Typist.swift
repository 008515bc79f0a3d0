// SPDX-License-Identifier: Apache-2.0
import Basics
package import Glibc

/// A person at a terminal of 80 columns, in front of the built command.
///
/// The command is the leader of its session and the terminal is its own, so that Ctrl-C reaches it as it would.
package final class Typist: Sendable {
    /// Something that was waited for and never shown.
    package struct NotSeen: Error, CustomStringConvertible { package let description: String }

    package let pid: pid_t
    private let terminal: PseudoTerminal
    private let shown = Locked([UInt8]())
    /// How far the person has read.
    private let read = Locked(0)
    private let ended = Locked(Int32?.none)
    /// How much was shown when something was typed last.
    private let typedAt = Locked(0)
    private let answers = Locked((count: 0, keys: 0))

    /// Starts `program` on a terminal of its own with these variables and a few of ours.
    package init(_ program: String, _ arguments: [String], environment: [String: String]) throws {
        guard let terminal = PseudoTerminal() else {
            throw NotSeen(description: "there is no terminal to be had")
        }
        self.terminal = terminal
        _ = fcntl(terminal.master, F_SETFL, fcntl(terminal.master, F_GETFL) | O_NONBLOCK)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // A session's leader that opens a terminal makes it its own.
        posix_spawn_file_actions_addopen(&actions, 0, terminal.path, O_RDWR, 0)
        posix_spawn_file_actions_adddup2(&actions, 0, 1)
        posix_spawn_file_actions_adddup2(&actions, 0, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var every = sigset_t()
        sigfillset(&every)
        posix_spawnattr_setsigdefault(&attributes, &every)
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        // POSIX_SPAWN_SETSID by number, since Swift does not see it.
        let ownSession: Int16 = 0x80
        posix_spawnattr_setflags(
            &attributes,
            Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK) | ownSession
        )
        var variables = ["TERM": "xterm", "HEADGATE_SHARE": Repository.root]
        variables.merge(environment) { _, given in given }
        for name in ["PATH", "HOME", "TMPDIR", "LANG", "LD_LIBRARY_PATH"] where variables[name] == nil {
            variables[name] = getenv(name).map { String(cString: $0) }
        }
        var argv: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
        var envp: [UnsafeMutablePointer<CChar>?] = variables.map { strdup($0.key + "=" + $0.value) } + [nil]
        defer { (argv + envp).forEach { free($0) } }
        var pid: pid_t = 0
        let status = posix_spawn(&pid, program, &actions, &attributes, &argv, &envp)
        guard status == 0 else { throw NotSeen(description: String(cString: strerror(status))) }
        self.pid = pid
    }

    deinit {
        if !hasEnded {
            kill(pid, SIGKILL)
            waitpid(pid, nil, 0)
        }
    }

    /// Everything that was ever shown.
    package var transcript: String { String(decoding: shown.withLock { $0 }, as: UTF8.self) }
    /// How many answers were given, and how many keys that took.
    package var effort: (answers: Int, keys: Int) { answers.withLock { ($0.count, $0.keys) } }

    /// Types a line and presses Enter.
    package func answer(_ line: String) {
        answers.withLock { $0 = ($0.count + 1, $0.keys + line.count + 1) }
        let count = shown.withLock { $0.count }
        typedAt.withLock { $0 = count }
        terminal.type(line + "\r")
    }

    /// Types one key without Enter, such as Ctrl-C.
    package func press(_ key: String) { terminal.type(key) }

    /// Ctrl-C.
    package static let ctrlC = "\u{03}"
    /// Ctrl-D.
    package static let ctrlD = "\u{04}"

    /// Waits until `text` is shown after what was seen before; what stands there counts even where a line breaks in it.
    package func see(_ text: String, within limit: Duration = .seconds(90)) async throws {
        let deadline = ContinuousClock.now + limit
        let wanted = Self.plain(text)
        while true {
            // Asked before the look: what is written last is read after the end.
            let isOver = hasEnded
            take()
            let start = read.withLock { $0 }
            let news = Array(shown.withLock { $0[start...] })
            let plain = Self.plain(String(decoding: news, as: UTF8.self))
            if plain.contains(wanted) {
                // Read up to there only: what follows is for the next look.
                var (low, high) = (0, news.count)
                while low < high {
                    let middle = (low + high) / 2
                    let isIn = Self.plain(String(decoding: news[..<middle], as: UTF8.self)).contains(wanted)
                    if isIn { high = middle } else { low = middle + 1 }
                }
                let end = start + high
                read.withLock { $0 = end }
                return
            }
            guard !isOver, ContinuousClock.now < deadline else { break }
            try await Task.sleep(for: .milliseconds(4))
        }
        throw NotSeen(description: "\"\(text)\" was not shown. All that was:\n\(transcript)")
    }

    /// Sees each question and gives each answer in turn.
    package func converse(_ turns: [(see: String, answer: String)]) async throws {
        for turn in turns {
            try await see(turn.see)
            // The prompt itself follows the question.
            try await see("> ")
            answer(turn.answer)
        }
    }

    /// What a command does at an instant, as a person sees it.
    package enum Moment: Sendable { case asks, waits, ended }

    /// Waits until the command asks something, is seen to wait for something, or has ended.
    package func moment(within limit: Duration = .seconds(90)) async throws -> Moment {
        let deadline = ContinuousClock.now + limit
        while ContinuousClock.now < deadline {
            let isOver = hasEnded
            take()
            if isOver { return .ended }
            let bytes = shown.withLock { $0 }
            // What nobody sees being typed leaves the prompt as it stands until the command goes on.
            if bytes.count > typedAt.withLock({ $0 }) {
                let last =
                    Self.withoutEscapes(String(decoding: bytes.suffix(400), as: UTF8.self))
                    .split(separator: "\n", omittingEmptySubsequences: false).last ?? ""
                if last.hasSuffix("> ") { return .asks }
                if last.contains("waiting for ") { return .waits }
            }
            try await Task.sleep(for: .milliseconds(4))
        }
        throw NotSeen(description: "It neither asked, waited nor ended. All that was shown:\n\(transcript)")
    }

    /// Waits for the end of the command and gives its exit code, or minus the signal.
    package func end(within limit: Duration = .seconds(120)) async -> Int32 {
        let deadline = ContinuousClock.now + limit
        while !hasEnded {
            take()
            if ContinuousClock.now > deadline { kill(pid, SIGKILL) }
            try? await Task.sleep(for: .milliseconds(4))
        }
        take()
        let status = ended.withLock { $0 } ?? 0
        return status & 0x7f == 0 ? status >> 8 & 0xff : -(status & 0x7f)
    }

    /// The lines as they stood on the screen: without colour, and without what was written over.
    package var screenLines: [String] {
        Self.withoutEscapes(transcript).split(separator: "\n", omittingEmptySubsequences: false).map { line in
            var line = Substring(line.filter { $0 != "\u{07}" })
            while line.last == "\r" { line.removeLast() }
            return String(line.split(separator: "\r", omittingEmptySubsequences: false).last ?? "")
        }
    }

    private var hasEnded: Bool {
        ended.withLock { ended in
            if ended != nil { return true }
            var status: Int32 = 0
            guard waitpid(pid, &status, WNOHANG) == pid else { return false }
            ended = status
            return true
        }
    }

    private func take() {
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        while true {
            let count = Glibc.read(terminal.master, &buffer, buffer.count)
            guard count > 0 else { return }
            shown.withLock { $0 += buffer[..<count] }
        }
    }

    /// One line of words, so that where a line is broken does not matter.
    private static func plain(_ text: String) -> String {
        let words = withoutEscapes(text).split { $0.isWhitespace || $0.isNewline }
        return words.joined(separator: " ") + (text.last?.isWhitespace == true && !words.isEmpty ? " " : "")
    }

    private static func withoutEscapes(_ text: String) -> String {
        var out = ""
        var rest = Substring(text.replacing("\r\n", with: "\n"))
        while let character = rest.popFirst() {
            guard character == "\u{1B}" else {
                out.append(character)
                continue
            }
            guard rest.first == "[" else { continue }
            rest.removeFirst()
            while let next = rest.popFirst(), !next.isLetter {}
        }
        return out
    }
}
