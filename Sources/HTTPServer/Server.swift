// SPDX-License-Identifier: Apache-2.0
import Basics
import CMicroHTTPD
import Glibc

/// An HTTP/1.1 server on libmicrohttpd whose handler is an async closure.
///
/// One thread serves all connections. A request's connection is suspended while its handler runs, so thousands of slow
/// handlers cost no thread. The server speaks plain HTTP only.
package final class Server: Sendable {
    /// Answers one request; runs beside all others.
    package typealias Handler = @Sendable (Request) async -> Response

    private let service: Service
    private let daemon: Locked<UInt?>
    /// The port that is listened on.
    package let port: UInt16

    /// Listens on a numeric `address`; port 0 picks a free one.
    ///
    /// Beyond `connectionLimit` new connections are turned away; an idle one is closed after `idleLimit`.
    package init(
        address: String = "127.0.0.1",
        port: UInt16 = 0,
        bodyLimit: Int = 1 << 20,
        connectionLimit: Int = 10_000,
        idleLimit: Duration = .seconds(60),
        handler: @escaping Handler
    ) throws(ServerFailure) {
        let service = Service(bodyLimit: bodyLimit, handler: handler)
        let options = hg_mhd_options(
            connection_limit: UInt32(connectionLimit),
            timeout_seconds: UInt32(max(1, idleLimit.wholeSeconds))
        )
        errno = EINVAL
        let daemon = hg_mhd_start(
            address,
            port,
            options,
            { context, connection, _, method, _, upload, uploadSize, slot in
                guard let context, let connection, let method, let uploadSize, let slot else { return .NO }
                return Unmanaged<Service>.fromOpaque(context).takeUnretainedValue().receive(
                    connection,
                    method: method,
                    upload: UnsafeRawBufferPointer(start: upload, count: uploadSize.pointee),
                    uploadSize: uploadSize,
                    slot: slot
                )
            },
            { _, target, _ in
                // The only place where the target is still as it was sent; what is returned becomes the slot.
                guard let target else { return nil }
                return Unmanaged.passRetained(Exchange(target: String(cString: target))).toOpaque()
            },
            { _, _, slot, _ in
                guard let pointer = slot?.pointee else { return }
                Unmanaged<Exchange>.fromOpaque(pointer).release()
                slot?.pointee = nil
            },
            Unmanaged.passUnretained(service).toOpaque()
        )
        guard let daemon else {
            let why =
                errno == EINVAL
                ? "it is no numeric address of this machine" : String(cString: strerror(errno))
            throw ServerFailure("cannot listen on \(address) port \(port): \(why)")
        }
        self.service = service
        self.daemon = Locked(UInt(bitPattern: daemon))
        self.port = hg_mhd_port(daemon)
    }

    deinit { stop() }

    /// Closes every connection and stops listening; handlers still at work are cancelled and their answers dropped.
    package func stop() {
        let taken = daemon.withLock { daemon in
            defer { daemon = nil }
            return daemon
        }
        guard let daemon = OpaquePointer(bitPattern: taken ?? 0) else { return }
        service.close()
        MHD_stop_daemon(daemon)
    }
}
