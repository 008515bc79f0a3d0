// SPDX-License-Identifier: Apache-2.0

/// A certificate for 127.0.0.1 that vouches for itself; clients get it as their private authority.
struct ServerCertificate: Sendable {
    let file: String
    let key: String

    /// Makes one with the openssl command.
    init(folder: String) async throws {
        file = folder + "/server.pem"
        key = folder + "/server.key"
        let command = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key,
            "-out", file,
        ]
        try await Child(command, output: folder + "/openssl.log").succeed()
    }
}
