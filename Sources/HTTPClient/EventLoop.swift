// SPDX-License-Identifier: Apache-2.0
import Basics
import CCurl
import Glibc
import SwiftOverlayShims
import Synchronization

/// A serial executor whose thread waits in epoll for the sockets of libcurl's multi handle.
///
/// Actor jobs, commands and transfers share one thread, so whatever touches a handle needs no lock. Only sockets with
/// something to do are looked at (`curl_multi_socket_action`), whose cost does not grow with the waiting ones.
final class EventLoop: SerialExecutor,
    @unchecked Sendable /* multi and deadline: touched on the thread only */
{
    enum Command: Sendable {
        case start(Request, Ticket, CheckedContinuation<Response, any Error>)
        case cancel(Ticket)
    }

    let multi: UnsafeMutableRawPointer
    private let epoll: Int32
    private let wake: Int32
    /// When libcurl wants to be called though no socket stirs, on the monotonic clock in nanoseconds.
    private var deadline: UInt64?
    private let inbox = Locked(Inbox())
    private let threadID = Atomic<UInt>(0)

    private struct Inbox {
        var jobs: [UnownedJob] = []
        var commands: [Command] = []
        var stopped = false
        /// Whether the thread has been told; saves a system call for each command of a burst.
        var signalled = false
    }

    init(_ options: Options) {
        Curl.ready
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        wake = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard let multi = curl_multi_init(), epoll >= 0, wake >= 0 else {
            fatalError("no file descriptors are left for the HTTP client")
        }
        self.multi = multi
        watch(wake, EPOLLIN.rawValue, EPOLL_CTL_ADD)
        hg_curl_multi_set_long(multi, CURLMOPT_PIPELINING, Int(CURLPIPE_MULTIPLEX))
        hg_curl_multi_set_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, options.maxConnectionsPerHost)
        hg_curl_multi_set_long(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, options.maxConnections)
        hg_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, min(options.maxConnections, 256))
        hg_curl_multi_set_long(multi, CURLMOPT_MAX_CONCURRENT_STREAMS, 256)
        let context = Unmanaged.passUnretained(self).toOpaque()
        hg_curl_multi_set_socket_fn(multi, socketChanged, context)
        hg_curl_multi_set_timer_fn(multi, timerChanged, context)
    }

    deinit {
        curl_multi_cleanup(multi)
        close(epoll)
        close(wake)
    }

    // MARK: - From any thread

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        put { $0.jobs.append(job) }
    }

    /// Hands `command` to the next turn.
    func post(_ command: Command) { put { $0.commands.append(command) } }

    /// Ends the thread once its jobs are done.
    func stop() { put { $0.stopped = true } }

    private func put(_ change: (inout Inbox) -> Void) {
        let sleeping = inbox.withLock { inbox in
            change(&inbox)
            defer { inbox.signalled = true }
            return !inbox.signalled
        }
        if sleeping { eventfd_write(wake, 1) }
    }

    func checkIsolated() { precondition(isOnThread, "not on the HTTP client's thread") }
    func isIsolatingCurrentContext() -> Bool? { isOnThread }
    private var isOnThread: Bool { threadID.load(ordering: .relaxed) == UInt(pthread_self()) }

    // MARK: - The thread

    /// Starts the thread; `turn` runs on it after every wake-up.
    func start(turn: @escaping @Sendable ([Command]) -> Void) {
        let run = Unmanaged.passRetained(Run(loop: self, turn: turn))
        var thread = pthread_t()
        let failed = pthread_create(
            &thread,
            nil,
            { context in
                guard let context else { return nil }
                let run = Unmanaged<Run>.fromOpaque(context).takeRetainedValue()
                run.loop.run(run.turn)
                return nil
            },
            run.toOpaque()
        )
        precondition(failed == 0, "no thread is left for the HTTP client")
        pthread_detach(thread)
    }

    private final class Run: Sendable {
        let loop: EventLoop
        let turn: @Sendable ([Command]) -> Void

        init(loop: EventLoop, turn: @escaping @Sendable ([Command]) -> Void) {
            self.loop = loop
            self.turn = turn
        }
    }

    private func run(_ turn: ([Command]) -> Void) {
        threadID.store(UInt(pthread_self()), ordering: .relaxed)
        pthread_setname_np(pthread_self(), "headgate-http")
        // Signals are for the main thread; a closed connection must not end the process with SIGPIPE.
        var all = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, nil)
        var events = [epoll_event](repeating: epoll_event(), count: 256)
        while true {
            let taken = inbox.withLock { inbox in
                let taken = inbox
                inbox.jobs = []
                inbox.commands = []
                inbox.signalled = false
                return taken
            }
            for job in taken.jobs { job.runSynchronously(on: asUnownedSerialExecutor()) }
            turn(taken.commands)
            if taken.stopped, taken.jobs.isEmpty { return }
            let count = epoll_wait(epoll, &events, Int32(events.count), patience())
            var running: Int32 = 0
            for event in events.prefix(Int(max(0, count))) {
                if event.data.fd == wake {
                    var value = eventfd_t()
                    eventfd_read(wake, &value)
                } else {
                    curl_multi_socket_action(multi, event.data.fd, Self.action(event.events), &running)
                }
            }
            if let deadline, deadline <= Self.monotonic() {
                self.deadline = nil
                curl_multi_socket_action(multi, CURL_SOCKET_BAD, 0, &running)
            }
        }
    }

    /// Milliseconds to sleep at most; rounded up, else the last one would be spent spinning.
    private func patience() -> Int32 {
        guard let deadline else { return -1 }
        let now = Self.monotonic()
        return deadline <= now ? 0 : Int32(clamping: (deadline - now + 999_999) / 1_000_000)
    }

    private static func action(_ events: UInt32) -> Int32 {
        var action: Int32 = 0
        if events & (EPOLLIN.rawValue | EPOLLHUP.rawValue) != 0 { action |= CURL_CSELECT_IN }
        if events & EPOLLOUT.rawValue != 0 { action |= CURL_CSELECT_OUT }
        if events & EPOLLERR.rawValue != 0 { action |= CURL_CSELECT_ERR }
        return action
    }

    private static func monotonic() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    // MARK: - What libcurl asks for

    fileprivate func setTimer(milliseconds: Int) {
        deadline = milliseconds < 0 ? nil : Self.monotonic() + UInt64(milliseconds) * 1_000_000
    }

    fileprivate func setInterest(_ socket: Int32, _ what: Int32) {
        if what == CURL_POLL_REMOVE {
            // The socket may be closed already, which removes it by itself.
            epoll_ctl(epoll, EPOLL_CTL_DEL, socket, nil)
            return
        }
        var events: UInt32 = 0
        if what & CURL_POLL_IN != 0 { events |= EPOLLIN.rawValue }
        if what & CURL_POLL_OUT != 0 { events |= EPOLLOUT.rawValue }
        // Changing comes far more often than adding.
        if watch(socket, events, EPOLL_CTL_MOD) != 0 { watch(socket, events, EPOLL_CTL_ADD) }
    }

    @discardableResult
    private func watch(_ socket: Int32, _ events: UInt32, _ operation: Int32) -> Int32 {
        var event = epoll_event(events: events, data: epoll_data_t(fd: socket))
        return epoll_ctl(epoll, operation, socket, &event)
    }
}

private func socketChanged(
    _ easy: UnsafeMutableRawPointer?,
    _ socket: curl_socket_t,
    _ what: Int32,
    _ context: UnsafeMutableRawPointer?,
    _ own: UnsafeMutableRawPointer?
) -> Int32 {
    guard let context else { return -1 }
    Unmanaged<EventLoop>.fromOpaque(context).takeUnretainedValue().setInterest(socket, what)
    return 0
}

private func timerChanged(
    _ multi: UnsafeMutableRawPointer?,
    _ milliseconds: Int,
    _ context: UnsafeMutableRawPointer?
) -> Int32 {
    guard let context else { return -1 }
    Unmanaged<EventLoop>.fromOpaque(context).takeUnretainedValue().setTimer(milliseconds: milliseconds)
    return 0
}
