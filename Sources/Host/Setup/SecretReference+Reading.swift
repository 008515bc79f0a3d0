// SPDX-License-Identifier: Apache-2.0
package import Basics
import Glibc
package import Store

extension SecretReference {
    /// Reads the secret from where it is kept; of a file or a program's output one final newline is dropped.
    package func read(timeLimit: Duration = .seconds(30)) async throws -> Secret {
        switch self {
        case .environment(let name):
            guard let value = getenv(name) else {
                throw StoreFailure.secret(reference: description, reason: "there is no such variable")
            }
            return try secret(Array(String(cString: value).utf8))
        case .file(let path):
            return try secret(try Self.contents(path, of: description))
        case .command(let argv):
            return try secret(try await ProgramOutput.read(argv, named: description, timeLimit: timeLimit))
        }
    }

    private func secret(_ bytes: [UInt8]) throws(StoreFailure) -> Secret {
        do {
            return try SecretText.secret(from: bytes, named: description)
        } catch {
            throw .secret(reference: description, reason: error.description)
        }
    }

    private static func contents(_ path: String, of reference: String) throws(StoreFailure) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw .secret(reference: reference, reason: String(cString: strerror(errno)))
        }
        defer { close(descriptor) }
        // Secrets are small; a larger file is the wrong one.
        var bytes = [UInt8](repeating: 0, count: 64 << 10)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        guard count >= 0 else {
            throw .secret(reference: reference, reason: String(cString: strerror(errno)))
        }
        guard count < bytes.count else {
            throw .secret(reference: reference, reason: "it is too large for a secret")
        }
        return Array(bytes[..<count])
    }
}
