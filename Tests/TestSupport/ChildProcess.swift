// SPDX-License-Identifier: Apache-2.0
import Basics
import Glibc

/// A program that runs beside a test and ends with it.
package final class ChildProcess: Sendable {
    package let id: Int32
    private let status = Locked<Int32?>(nil)

    /// Starts `arguments[0]`, found on the PATH, with its output thrown away.
    package init?(_ arguments: [String]) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var child: pid_t = 0
        guard posix_spawnp(&child, arguments[0], &actions, nil, &words, environ) == 0 else { return nil }
        id = child
    }

    /// Waits for its end and gives its exit code, or minus the signal that ended it.
    @discardableResult
    package func wait() -> Int32 {
        status.withLock { status in
            if let status { return status }
            var raw: Int32 = 0
            while waitpid(id, &raw, 0) < 0, errno == EINTR {}
            let code = raw & 0x7f == 0 ? raw >> 8 & 0xff : -(raw & 0x7f)
            status = code
            return code
        }
    }

    deinit {
        // An id that has been waited for may belong to somebody else by now.
        guard status.withLock({ $0 == nil }) else { return }
        kill(id, SIGKILL)
        wait()
    }
}

/// A port of 127.0.0.1 that nobody listened on a moment ago.
package func freePort() -> UInt16 {
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    return withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(socket, $0, length)
            getsockname(socket, $0, &length)
        }
        return UInt16(bigEndian: pointer.pointee.sin_port)
    }
}
