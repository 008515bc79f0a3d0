// SPDX-License-Identifier: Apache-2.0
import CCurl

/// An HTTP client for all tenants at once, on libcurl's multi interface.
///
/// The event loop's thread is the actor's executor, so every handle is plain actor state. Connections are kept and
/// shared, HTTP/2 carries many exchanges over one; redirects are not followed, TLS is 1.2 or newer and always verified.
package actor Client: Transport {
    private let loop: EventLoop
    private let options: Options
    private let trust: TrustStore
    private var transfers: [UnsafeMutableRawPointer: Transfer] = [:]
    private var spare: [EasyHandle] = []
    private var stopped = false

    /// Handles kept for the next exchange; more would only hold memory.
    private static let mostSpare = 64

    /// The event loop, on whose thread everything of the actor runs.
    package nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    /// Starts the event loop; it ends with the last reference to the client.
    package init(_ options: Options = Options()) {
        self.options = options
        trust = TrustStore(caFile: options.caFile)
        loop = EventLoop(options)
        loop.start { [weak self] commands in
            guard let self else { return }
            assumeIsolated { $0.turn(commands) }
        }
    }

    deinit { loop.stop() }

    /// Makes the exchange; throws ``Failure``, or `CancellationError` as soon as the task is cancelled.
    ///
    /// Whole answers of any status are returned, except 407, which only a proxy gives. A request on a kept connection
    /// that the server has closed meanwhile is sent once more by itself, over a new one.
    package nonisolated func send(_ request: Request) async throws -> Response {
        try Task.checkCancellation()
        let ticket = Ticket()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                loop.post(.start(request, ticket, continuation))
            }
        } onCancel: {
            ticket.cancel()
            loop.post(.cancel(ticket))
        }
    }

    /// Ends every exchange with ``Failure/Code/stopped`` and takes no more.
    package func stop() {
        stopped = true
        for handle in Array(transfers.keys) { finish(handle, .failure(Self.stoppedFailure)) }
    }

    /// The exchanges under way.
    package var activeCount: Int { transfers.count }

    private static let stoppedFailure = Failure(.stopped, "the client has been stopped")

    /// What the loop does after each wake-up: new commands, then whatever has finished.
    private func turn(_ commands: [EventLoop.Command]) {
        for command in commands {
            switch command {
            case .start(let request, let ticket, let continuation): start(request, ticket, continuation)
            case .cancel(let ticket):
                guard let handle = ticket.handle, transfers[handle]?.ticket === ticket else { continue }
                finish(handle, .failure(CancellationError()))
            }
        }
        var left: Int32 = 0
        while let message = curl_multi_info_read(loop.multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle,
                let transfer = transfers[handle]
            else { continue }
            finish(handle, transfer.outcome(message.pointee.data.result))
        }
    }

    private func start(
        _ request: Request,
        _ ticket: Ticket,
        _ continuation: CheckedContinuation<Response, any Error>
    ) {
        // The cancellation's own command may have come before this one.
        guard !ticket.isCancelled else { return continuation.resume(throwing: CancellationError()) }
        guard !stopped else { return continuation.resume(throwing: Self.stoppedFailure) }
        let easy = spare.popLast() ?? EasyHandle()
        let transfer = Transfer(request, easy, ticket, continuation)
        do throws(Failure) {
            try transfer.prepare(options, trust)
        } catch {
            return continuation.resume(throwing: error)
        }
        let added = curl_multi_add_handle(loop.multi, easy.pointer)
        guard added == CURLM_OK else {
            let why = String(cString: curl_multi_strerror(added))
            return continuation.resume(
                throwing: Failure(.invalidRequest, "the request could not be started: \(why)")
            )
        }
        ticket.handle = easy.pointer
        transfers[easy.pointer] = transfer
    }

    private func finish(_ handle: UnsafeMutableRawPointer, _ result: Result<Response, any Error>) {
        guard let transfer = transfers.removeValue(forKey: handle) else { return }
        curl_multi_remove_handle(loop.multi, handle)
        transfer.ticket.handle = nil
        transfer.easy.reset()
        if spare.count < Self.mostSpare { spare.append(transfer.easy) }
        transfer.continuation.resume(with: result)
    }
}
