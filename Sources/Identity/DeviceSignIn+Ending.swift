// SPDX-License-Identifier: Apache-2.0
package import Basics
package import Connectors
package import HTTPClient
import JSON

extension DeviceSignIn {
    /// What a person needs to sign in elsewhere; nothing of it is a secret of ours.
    package struct Code: Sendable, Equatable {
        /// What the person types in there.
        package let userCode: String
        /// Where, as a whole address.
        package let address: String
        /// An address that holds the code already, where the provider gives one.
        package let wholeAddress: String?
        /// The provider's own words, in one line; `nil` where it gives none.
        package let message: String?
        /// Until when the code is good.
        package let expires: Timestamp
    }

    /// What came of it.
    package enum Ending: Sendable {
        /// The person signed in.
        case granted(Grant)
        /// The person said no.
        case declined(Refusal)
        /// Nobody signed in while the code was good.
        case expired(Refusal?)
        /// The provider will not have it, such as where the tenant blocks this way of signing in.
        case refused(Refusal)
        /// The provider could not be asked for as long as it was tried.
        case unreachable(Refusal)

        /// What the provider answered, for the error rules; `nil` for a sign-in, and where nothing was answered.
        package var refusal: Refusal? {
            switch self {
            case .granted: nil
            case .declined(let refusal), .refused(let refusal), .unreachable(let refusal): refusal
            case .expired(let refusal): refusal
            }
        }
    }

    /// The token that a person's sign-in gave, and what it may be used for.
    package struct Grant: Sendable {
        /// For the demand's audience; it is never renewed.
        package let token: Token
        /// What was granted, which may be less or more than was asked for.
        package let scopes: [String]
    }

    /// The provider's answer, where it is no sign-in.
    package struct Refusal: Sendable {
        /// The answer; `nil` where none came.
        package let response: Response?
        /// What was wrong on the way, or with the answer.
        package let trouble: Trouble?
        /// What happened, where no answer tells.
        package let detail: String?

        init(_ response: Response?, _ trouble: Trouble? = nil) {
            self.response = response
            self.trouble = trouble
            detail = nil
        }

        init(_ response: Response?, _ failure: Failure?) {
            self.response = response
            trouble = failure.map { Trouble($0.code) }
            detail = failure?.detail
        }

        /// The answer as the error rules see it, an answer of `use`'s service.
        package func answer(of use: ServiceUse?, service: String) -> Answer {
            Answer(
                of: use,
                service: service,
                step: .token,
                status: response?.status ?? 0,
                headers: (response?.headers ?? []).map { ($0.name, $0.value) },
                body: response?.body ?? [],
                trouble: trouble,
                detail: detail
            )
        }

        /// The standard's name of the error; `nil` where the answer names none.
        package var error: String? {
            guard let body = response?.body else { return nil }
            return (try? Value(parsing: body))?["error"]?.stringValue
        }
    }
}
