// SPDX-License-Identifier: Apache-2.0
import Basics
import Glibc
import Store

/// Runs a program without a shell and reads what it prints.
enum ProgramOutput {
    private static let most = 64 << 10

    static func read(_ argv: [String], named reference: String, timeLimit: Duration) async throws -> [UInt8] {
        func failure(_ reason: String) -> StoreFailure { .secret(reference: reference, reason: reason) }
        guard let program = argv.first else { throw failure("it names no program") }
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw failure(String(cString: strerror(errno))) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
        defer { close(ends[0]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        var words: [UnsafeMutablePointer<CChar>?] = argv.map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var pid: pid_t = 0
        let status = posix_spawnp(&pid, program, &actions, nil, &words, environ)
        close(ends[1])
        guard status == 0 else { throw failure(String(cString: strerror(status))) }
        var isOver = false
        defer {
            if !isOver {
                kill(pid, SIGKILL)
                waitpid(pid, nil, 0)
            }
        }
        let deadline = ContinuousClock.now + timeLimit
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = Glibc.read(ends[0], &buffer, buffer.count)
            if count == 0 { break }
            if count > 0 {
                output += buffer[..<count]
                guard output.count <= most else { throw failure("it prints too much for a secret") }
                continue
            }
            guard errno == EAGAIN || errno == EINTR else { throw failure(String(cString: strerror(errno))) }
            guard ContinuousClock.now < deadline else {
                throw failure("the program was not done after \(timeLimit.spoken)")
            }
            try await Task.sleep(for: .milliseconds(10))
        }
        var code: Int32 = 0
        while waitpid(pid, &code, 0) < 0, errno == EINTR {}
        isOver = true
        guard code == 0 else {
            throw failure(
                code & 0x7f == 0 ? "the program ended with \((code >> 8) & 0xff)" : "the program was killed"
            )
        }
        return output
    }
}
