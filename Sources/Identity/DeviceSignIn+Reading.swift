// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import HTTPClient
import JSON

extension DeviceSignIn {
    /// What an answer comes to, whatever was asked.
    enum Word {
        /// It says nothing: the provider is busy or down, or somebody on the way answered in its place.
        case trouble(String, pause: Duration?)
        /// The provider's own error, with the interval it names.
        case error(String, interval: Duration?)
        /// A success.
        case body(Value)

        /// The standard's own names (RFC 8628 §3.5, RFC 6749 §5.2).
        static let pending = "authorization_pending"
        static let slowDown = "slow_down"
        static let expired = "expired_token"
        private static let passing: Set<String> = ["temporarily_unavailable", "server_error"]

        init(_ response: Response) {
            let body = (try? Value(parsing: response.body)).flatMap { $0.objectValue == nil ? nil : $0 }
            let error = body?["error"]?.stringValue
            let isSuccess = (200...299).contains(response.status)
            if let error, [Self.pending, Self.slowDown, Self.expired].contains(error) {
                // Some providers send these with a status of their own choice.
                self = .error(error, interval: body.flatMap { Word.seconds($0["interval"], in: 1...3_600) })
            } else if [408, 425, 429].contains(response.status) || response.status >= 500
                || error.map(Self.passing.contains) == true
            {
                self = .trouble(
                    "the sign-in service answered HTTP \(response.status)",
                    pause: Word.pause(response)
                )
            } else if let body, isSuccess, error == nil {
                self = .body(body)
            } else if body != nil, isSuccess || (400...499).contains(response.status) {
                self = .error(error ?? "", interval: nil)
            } else {
                self = .trouble("something else answered in the sign-in service's place", pause: nil)
            }
        }

        /// Some services write numbers as texts.
        static func seconds(_ value: Value?, in range: ClosedRange<Int64>) -> Duration? {
            guard let number = value?.plainText.flatMap({ Double($0) }), number.isFinite, abs(number) < 1e9
            else { return nil }
            return .seconds(min(max(Int64(number), range.lowerBound), range.upperBound))
        }

        private static func pause(_ response: Response) -> Duration? {
            guard let text = response.header("Retry-After").map(Text.trimmed) else { return nil }
            if let seconds = Int64(text) { return .seconds(min(max(seconds, 0), 3_600)) }
            guard let until = Timestamp(httpDate: text),
                let date = response.header("Date").flatMap({ Timestamp(httpDate: $0) })
            else { return nil }
            return max(.zero, until - date)
        }
    }

    /// What the provider tells when it is asked for a code (RFC 8628 §3.2).
    struct Told {
        let code: Code
        let device: Secret
        let interval: Duration

        /// Nothing where a part is missing that a person or the next question needs.
        init?(_ body: Value, asked: Timestamp) {
            guard let device = body["device_code"]?.stringValue, !device.isEmpty,
                device.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }),
                let user = body["user_code"]?.stringValue, (1...64).contains(user.utf8.count),
                user.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f }),
                let address = Self.address(body["verification_uri"] ?? body["verification_url"])
            else { return nil }
            let life = Word.seconds(body["expires_in"], in: 1...3_600) ?? .minutes(10)
            interval = Word.seconds(body["interval"], in: 1...60) ?? .seconds(5)
            self.device = Secret(device)
            code = Code(
                userCode: user,
                address: address,
                wholeAddress: Self.address(body["verification_uri_complete"]),
                message: body["message"]?.stringValue.flatMap(Self.line),
                expires: asked + life
            )
        }

        /// An address that a person may be sent to: https, or a literal loopback address.
        private static func address(_ value: Value?) -> String? {
            guard let text = value?.stringValue, text.utf8.count <= 2_000,
                text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }), let parts = URLParts(text),
                parts.scheme == "https" || parts.isLoopbackLiteral
            else { return nil }
            return text
        }

        /// The provider's words without what a terminal would obey.
        private static func line(_ text: String) -> String? {
            let safe = text.unicodeScalars.map { Text.isDeceiving($0) ? " " : Character($0) }
            let words = Text.trimmed(String(safe.prefix(500)))
            return words.isEmpty ? nil : words
        }
    }
}

extension DeviceSignIn.Grant {
    /// Nothing where the answer holds no token that could be sent.
    init?(_ body: Value, for demand: DeviceSignIn.Demand, asked: Timestamp) {
        guard let text = body["access_token"]?.stringValue, !text.isEmpty,
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f })
        else { return nil }
        // What it gives besides, such as a token to renew this one with, is not kept.
        let value = Secret(text)
        let life = DeviceSignIn.Word.seconds(body["expires_in"], in: 0...86_400) ?? .minutes(10)
        token = Token(
            value: value,
            audience: demand.audience,
            issued: asked,
            expires: asked + life,
            refresh: asked + life,
            claims: demand.claims.flatMap { Claims(token: value, names: $0) },
            number: 1
        )
        // One that says nothing of scopes granted what was asked for (RFC 6749 §5.1).
        let granted = body["scope"]?.stringValue?.split(separator: " ").map(String.init) ?? []
        scopes = granted.isEmpty ? demand.scopes : granted
    }
}
