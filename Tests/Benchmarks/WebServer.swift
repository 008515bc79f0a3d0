// SPDX-License-Identifier: Apache-2.0
import Glibc

/// An nginx of ours: ends TLS and HTTP/2, serves blobs from disk, hands everything else on to the simulator.
final class WebServer: Sendable {
    /// What links and clients use.
    let base: String
    private let child: Child

    /// Starts it on a free port; `blobs` is the folder that blobs are served from, each `delay` milliseconds late, and
    /// `nil` hands them on too.
    init(
        folder: String,
        certificate: ServerCertificate,
        simulator: String,
        blobs: String?,
        delay: Int = 0
    ) async throws {
        let port = try Self.freePort()
        base = "https://127.0.0.1:\(port)"
        let place = folder + "/nginx"
        try Files.makeFolder(place)
        let configuration = place + "/nginx.conf"
        try Files.write(
            try Self.configuration(
                place: place,
                port: port,
                certificate: certificate,
                simulator: simulator,
                blobs: blobs,
                delay: delay
            ),
            to: configuration
        )
        child = try Child(
            [try Programs.nginx(), "-p", place, "-e", place + "/error.log", "-c", configuration],
            output: place + "/out.log"
        )
        for _ in 0..<400 {
            if Self.answers(port) { return }
            if child.status != nil { break }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw BenchFailure(
            "nginx does not answer:\n\(child.text)\(Files.text(place + "/error.log").suffix(2_000))"
        )
    }

    /// Ends it.
    func stop() { child.end() }

    private static func configuration(
        place: String,
        port: UInt16,
        certificate: ServerCertificate,
        simulator: String,
        blobs: String?,
        delay: Int
    ) throws -> String {
        // As root the workers would become somebody who may not read our folder.
        let user = geteuid() == 0 ? "user root;\n" : ""
        // The module waits without keeping a worker from the other requests.
        let module = delay > 0 ? "load_module \(try Programs.nginxEcho());\n" : ""
        let disk =
            blobs.map { blobs in
                let files = """
                    {
                        root \(blobs);
                        default_type "application/json; charset=utf-8";
                    }
                    """
                guard delay > 0 else { return "location ~ /activity/feed/audit/ \(files)" }
                let late = "echo_sleep \(Double(delay) / 1_000); echo_exec @late;"
                return "location ~ /activity/feed/audit/ { \(late) }\nlocation @late \(files)"
            } ?? ""
        return """
            \(module)\(user)daemon off;
            worker_processes 2;
            pid \(place)/nginx.pid;
            error_log \(place)/error.log warn;
            events { worker_connections 4096; }
            http {
                access_log off;
                sendfile on;
                tcp_nodelay on;
                keepalive_requests 1000000;
                keepalive_timeout 600s;
                client_body_temp_path \(place)/body;
                proxy_temp_path \(place)/proxy;
                fastcgi_temp_path \(place)/fastcgi;
                uwsgi_temp_path \(place)/uwsgi;
                scgi_temp_path \(place)/scgi;
                proxy_buffers 16 64k;
                proxy_buffer_size 64k;
                proxy_busy_buffers_size 128k;
                upstream simulator {
                    server \(simulator);
                    keepalive 256;
                }
                server {
                    listen 127.0.0.1:\(port) ssl http2 backlog=4096;
                    http2_max_concurrent_streams 512;
                    ssl_certificate \(certificate.file);
                    ssl_certificate_key \(certificate.key);
                    ssl_protocols TLSv1.2 TLSv1.3;
                    \(disk)
                    location / {
                        proxy_pass http://simulator;
                        proxy_http_version 1.1;
                        proxy_set_header Connection "";
                        proxy_set_header Host $host;
                        proxy_read_timeout 300s;
                    }
                }
            }

            """
    }

    /// A port of 127.0.0.1 that nobody listened on a moment ago.
    static func freePort() throws -> UInt16 {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard socket >= 0 else { throw BenchFailure("there is no socket to be had") }
        defer { close(socket) }
        var address = loopback(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, length) | getsockname(socket, $0, &length)
            }
        }
        guard status == 0 else { throw BenchFailure("no port of 127.0.0.1 is free") }
        return UInt16(bigEndian: address.sin_port)
    }

    private static func answers(_ port: UInt16) -> Bool {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard socket >= 0 else { return false }
        defer { close(socket) }
        var address = loopback(port: port)
        return withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }

    static func loopback(port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return address
    }
}
