// SPDX-License-Identifier: Apache-2.0
import Basics
import Crypto
import JSON

extension Registration {
    /// A client secret.
    struct Secret: Sendable {
        let keyID: String
        let value: String
        let name: String
        let start: Timestamp
        let end: Timestamp?
        var known: Ripening
        var isMade = false

        /// The secret as Graph shows it; its text only to the one who made it.
        func shown(text: Bool = false) -> Value {
            [
                "customKeyIdentifier": .null, "displayName": .string(name),
                "endDateTime": end.map { .string($0.secondsText + "Z") } ?? .null,
                "hint": .string(String(value.prefix(3))), "keyId": .string(keyID),
                "secretText": text ? .string(value) : .null,
                "startDateTime": .string(start.secondsText + "Z"),
            ]
        }
    }

    /// A certificate that assertions may be signed with.
    struct Key: Sendable {
        enum Origin: Sendable {
            /// Signatures are verified with it.
            case certificate(Certificate)
            /// Only its thumbprint in hex is known; signatures are not verified.
            case thumbprint(String)
        }

        let keyID: String
        let name: String
        let origin: Origin
        var known = Ripening()
        var isMade = false

        /// A key that a scenario declares; `nil` where it holds no certificate.
        init?(keyID: String, declared: Scenario.ClientCertificate) {
            self.keyID = keyID
            name = "declared"
            switch declared {
            case .thumbprint(let hex): origin = .thumbprint(hex)
            case .pem:
                guard let certificate = declared.certificate else { return nil }
                origin = .certificate(certificate)
            }
        }

        /// A key that was uploaded.
        init(keyID: String, name: String, _ certificate: Certificate, known: Ripening) {
            self.keyID = keyID
            self.name = name
            origin = .certificate(certificate)
            self.known = known
            isMade = true
        }

        var certificate: Certificate? { if case .certificate(let found) = origin { found } else { nil } }

        /// Whether this is the certificate with `thumbprint`, SHA-1 or SHA-256.
        func bears(_ thumbprint: [UInt8]) -> Bool {
            switch origin {
            case .certificate(let certificate):
                certificate.thumbprintSHA256 == thumbprint || certificate.thumbprintSHA1 == thumbprint
            case .thumbprint(let hex):
                Hex.encode(thumbprint).lowercased() == hex.filter { $0 != ":" && $0 != " " }.lowercased()
            }
        }

        /// The key as Graph shows it.
        var shown: Value {
            var identifier = ""
            switch origin {
            case .certificate(let certificate): identifier = Hex.encode(certificate.thumbprintSHA1)
            case .thumbprint(let hex): identifier = hex
            }
            return [
                "customKeyIdentifier": .string(identifier.uppercased()), "displayName": .string(name),
                "endDateTime": certificate.map { .string($0.notAfter.secondsText + "Z") } ?? .null,
                "key": .null, "keyId": .string(keyID),
                "startDateTime": certificate.map { .string($0.notBefore.secondsText + "Z") } ?? .null,
                "type": "AsymmetricX509Cert", "usage": "Verify",
            ]
        }
    }

    /// An outside issuer that may speak for the application.
    struct Trust: Sendable {
        let id: String
        let name: String
        let issuer: String
        let subject: String
        let audiences: [String]
        var known = Ripening()
        var isMade = false

        /// The federated credential as Graph shows it.
        var shown: Value {
            [
                "id": .string(id), "name": .string(name), "issuer": .string(issuer),
                "subject": .string(subject), "description": .null,
                "audiences": .array(audiences.map { .string($0) }),
            ]
        }
    }
}
