// SPDX-License-Identifier: Apache-2.0
package import Connectors
package import HTTPClient

extension Trouble {
    /// What a failure of the transport is to the error rules.
    package init(_ code: Failure.Code) {
        self =
            switch code {
            case .resolve: .resolve
            case .connect: .connect
            case .proxy: .proxy
            case .tls: .tls
            case .timedOut: .timedOut
            case .reset, .stopped: .reset
            case .truncated: .truncated
            case .bodyTooLarge: .tooLarge
            case .invalidRequest: .invalidRequest
            case .protocolError: .protocolError
            }
    }
}
