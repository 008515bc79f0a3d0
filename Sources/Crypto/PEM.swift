// SPDX-License-Identifier: Apache-2.0
import CCrypto

/// One block of a PEM file.
struct PEM {
    let label: String
    /// What stands before the data in old key files; names the encryption there.
    let header: String
    let bytes: [UInt8]

    /// The blocks of a file in order; text between them is passed over.
    static func blocks(of file: [UInt8]) -> [PEM] {
        let memory = Memory(file)
        var blocks: [PEM] = []
        while true {
            var (name, header): (UnsafeMutablePointer<CChar>?, UnsafeMutablePointer<CChar>?) = (nil, nil)
            var data: UnsafeMutablePointer<UInt8>?
            var length = 0
            guard PEM_read_bio(memory.bio, &name, &header, &data, &length) == 1, let name, let header,
                let data
            else {
                ERR_clear_error()
                return blocks
            }
            blocks.append(
                PEM(
                    label: String(cString: name),
                    header: String(cString: header),
                    bytes: Array(UnsafeBufferPointer(start: data, count: length))
                )
            )
            CRYPTO_free(name, nil, 0)
            CRYPTO_free(header, nil, 0)
            CRYPTO_clear_free(data, length, nil, 0)
        }
    }

    /// `bytes` as a PEM block of 64 characters a line.
    static func encoded(_ bytes: [UInt8], label: String) -> String {
        var text = "-----BEGIN \(label)-----\n"
        var rest = Base64.encode(bytes)[...]
        while !rest.isEmpty {
            text += rest.prefix(64) + "\n"
            rest = rest.dropFirst(64)
        }
        return text + "-----END \(label)-----\n"
    }
}
