// SPDX-License-Identifier: Apache-2.0
import Host
import Store

/// The options by which a person hands over a credential; a secret itself is never one of them.
enum CredentialFlags {
    static let options: Set<String> = [
        "--secret-file", "--secret-ref", "--certificate", "--passphrase-file", "--federated-token-file",
    ]
    static let flags: Set<String> = ["--secret-stdin"]

    /// The ways of giving one, for sentences.
    static let ways =
        "--secret-file FILE, --secret-stdin, --secret-ref REFERENCE, --certificate FILE or "
        + "--federated-token-file FILE"

    static let help = """
          --secret-file FILE           a file that holds the secret; one final newline is dropped
          --secret-stdin               the secret on standard input
          --secret-ref REFERENCE       where it stays: env:NAME, file:PATH or command:["program","argument"]
          --certificate FILE           a PEM file with certificate and unencrypted key, or a .pfx file
          --passphrase-file FILE       the .pfx file's passphrase
          --federated-token-file FILE  a token that somebody else keeps writing; read at each request
        """

    /// The credential that `arguments` hand over, if any.
    static func offered(_ arguments: Arguments) throws -> OfferedCredential? {
        var given = ["--secret-file", "--secret-ref", "--certificate", "--federated-token-file"].filter {
            (try? arguments.value($0)) != nil
        }
        if arguments.has("--secret-stdin") { given.append("--secret-stdin") }
        guard given.count < 2 else {
            throw Stop(
                .usage,
                "\(given.joined(separator: " and ")) are given: a connection takes one credential."
            )
        }
        if let file = try arguments.value("--secret-file") {
            return OfferedCredential(secret: try SecretText.secret(from: ReadFile.bytes(file), named: file))
        }
        if arguments.has("--secret-stdin") {
            return OfferedCredential(
                secret: try SecretText.secret(from: ReadFile.bytes("-"), named: "standard input")
            )
        }
        if let text = try arguments.value("--secret-ref") {
            guard let reference = SecretReference(text) else {
                throw Misuse.badValue(
                    option: "--secret-ref",
                    value: text,
                    wanted: #"env:NAME, file:PATH or command:["program","argument"]"#
                )
            }
            return OfferedCredential(reference: reference)
        }
        if let file = try arguments.value("--certificate") {
            let passphrase = try arguments.value("--passphrase-file").map {
                try SecretText.secret(from: ReadFile.bytes($0), named: $0)
            }
            return try OfferedCredential(certificate: ReadFile.bytes(file), passphrase: passphrase)
        }
        if let file = try arguments.value("--federated-token-file") {
            return OfferedCredential(federatedFile: Place.absolute(file))
        }
        if try arguments.value("--passphrase-file") != nil {
            throw Stop(.usage, "--passphrase-file goes with --certificate.")
        }
        return nil
    }
}
