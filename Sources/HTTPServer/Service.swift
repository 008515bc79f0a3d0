// SPDX-License-Identifier: Apache-2.0
import Basics
import CMicroHTTPD

/// What the server's thread calls: takes requests in, starts handlers, sends answers.
final class Service: Sendable {
    private let bodyLimit: Int
    private let handler: Server.Handler
    private let waiting = Locked(Waiting())
    private let executor = AnsweringExecutor()

    /// The suspended connections, each under a number of its own since a connection waits again and again.
    private struct Waiting {
        var entries: [UInt64: Entry] = [:]
        var next: UInt64 = 0
        var closed = false

        struct Entry {
            let connection: UInt
            var task: Task<Void, Never>?
        }
    }

    init(bodyLimit: Int, handler: @escaping Server.Handler) {
        self.bodyLimit = bodyLimit
        self.handler = handler
    }

    /// Resumes every suspended connection without an answer; none is suspended after this.
    func close() {
        let tasks = waiting.withLock { waiting in
            waiting.closed = true
            for entry in waiting.entries.values {
                MHD_resume_connection(OpaquePointer(bitPattern: entry.connection))
            }
            defer { waiting.entries = [:] }
            return waiting.entries.values.map(\.task)
        }
        for task in tasks { task?.cancel() }
    }

    /// Called for a request's head, for each piece of its body, at the body's end, and again after each resume.
    func receive(
        _ connection: OpaquePointer,
        method: UnsafePointer<CChar>,
        upload: UnsafeRawBufferPointer,
        uploadSize: UnsafeMutablePointer<Int>,
        slot: UnsafeMutablePointer<UnsafeMutableRawPointer?>
    ) -> MHD_Result {
        guard let pointer = slot.pointee else { return .NO }
        let exchange = Unmanaged<Exchange>.fromOpaque(pointer).takeUnretainedValue()
        if !exchange.headRead {
            exchange.headRead = true
            exchange.readHeaders(of: connection)
            let promised = exchange.headers.first { $0.name.lowercased() == "content-length" }
            if let promised, (Int(promised.value) ?? .max) > bodyLimit {
                return send(
                    .text("the body is larger than \(bodyLimit) bytes\n", status: 413),
                    on: connection
                )
            }
            return .YES
        }
        if uploadSize.pointee > 0 {
            // A body without a promised length shows its size only as it comes.
            guard exchange.body.count + upload.count <= bodyLimit else { return .NO }
            exchange.body.append(contentsOf: upload)
            uploadSize.pointee = 0
            return .YES
        }
        if let response = exchange.response { return send(response, on: connection) }
        return start(exchange, method: String(cString: method), on: connection) ? .YES : .NO
    }

    /// Suspends the connection and runs the handler; false when the server is closing.
    private func start(_ exchange: Exchange, method: String, on connection: OpaquePointer) -> Bool {
        let request = exchange.request(method: method)
        let address = UInt(bitPattern: connection)
        let number = waiting.withLock { waiting -> UInt64? in
            guard !waiting.closed else { return nil }
            // Under the lock, so that closing cannot miss it.
            MHD_suspend_connection(connection)
            waiting.next += 1
            waiting.entries[waiting.next] = Waiting.Entry(connection: address)
            return waiting.next
        }
        guard let number else { return false }
        let task = Task(executorPreference: executor) { [self] in
            let response = await handler(request)
            waiting.withLock { waiting in
                // Where closing was first, the connection has been resumed and may be gone.
                guard waiting.entries.removeValue(forKey: number) != nil else { return }
                exchange.response = response
                MHD_resume_connection(OpaquePointer(bitPattern: address))
            }
        }
        let closed = waiting.withLock { waiting in
            // Nothing is kept of a handler that is through already.
            waiting.entries[number]?.task = task
            return waiting.closed
        }
        if closed { task.cancel() }
        return true
    }

    /// Queues `response`, or drops the connection where it is to end so.
    private func send(_ response: Response, on connection: OpaquePointer) -> MHD_Result {
        if response.ending == .reset {
            hg_mhd_reset_on_close(connection)
            return .NO
        }
        guard let answer = Answer.make(response) else { return .NO }
        defer { MHD_destroy_response(answer) }
        for (name, value) in response.headers where name.lowercased() != "content-length" {
            MHD_add_response_header(answer, name, value)
        }
        return MHD_queue_response(connection, UInt32(response.status), answer)
    }
}
