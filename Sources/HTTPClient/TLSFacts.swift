// SPDX-License-Identifier: Apache-2.0
import Basics
import CCurl
import Glibc

/// What certificates are judged with: the library, the system's authorities, and a file of further ones.
package struct TLSFacts: Sendable, Equatable {
    /// The library's name and version, such as `OpenSSL/3.0.15`; `nil` where there is none.
    package let library: String?
    /// Where the system's authorities are; `nil` where they are not found.
    package let authorities: String?
    /// What is wrong with the file of further authorities, in words; `nil` where there is none, or nothing is.
    package let trouble: String?

    /// Looks at what this machine has, and at `caFile` where one is set.
    package init(caFile: String?) {
        _ = Curl.ready
        let facts = curl_version_info(CURLVERSION_SEVENTH)?.pointee
        library = facts.flatMap { $0.ssl_version }.map { String(cString: $0) }
        let known = [facts?.cainfo, facts?.capath].compactMap(\.self).map { String(cString: $0) }
        authorities = TrustStore(caFile: nil).systemFolder ?? known.first { FileFacts($0) != nil }
        trouble = caFile.flatMap(Self.trouble)
    }

    private static func trouble(_ path: String) -> String? {
        guard let file = fopen(path, "r") else {
            return "\(path) cannot be read: \(String(cString: strerror(errno)))"
        }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = fread(&bytes, 1, bytes.count, file)
        guard String(decoding: bytes[..<count], as: UTF8.self).contains("-----BEGIN CERTIFICATE-----") else {
            return "\(path) holds no certificate in PEM"
        }
        return nil
    }
}
