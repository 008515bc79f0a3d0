// SPDX-License-Identifier: Apache-2.0
package import Basics
package import JSON

/// One test of a definition, the content of one file in its `tests` folder.
///
/// Three kinds: `classify` gives answers and what each must be taken for; `probe` runs the connection test; `stream`
/// adds a connection and makes passes over its streams, as `run --once` does. The latter two run offline: every
/// request is answered by the first exchange in file order that fits and is not used up. A request that no exchange
/// fits fails the test, and so does an exchange that is left over. Three things need no exchange of their own: a token
/// request gets ``Given/token``, a network step's request to a service's bare base gets an empty 200, and every reply
/// without a `Date` header gets the fake clock's.
package struct Rehearsal: Sendable, Equatable {
    /// What a test is of.
    package enum Kind: String, Sendable, CaseIterable {
        case classify, probe, stream
    }

    /// What it shows, as a sentence.
    package let name: String
    /// What it is of.
    package let kind: Kind
    /// The set-up.
    package let given: Given
    /// The conversation.
    package let exchanges: [Exchange]
    /// What must come of it; only what is stated is looked at.
    package let then: Outcome
    /// Answers and what they must be taken for.
    package let answers: [ClassifiedAnswer]
}

extension Rehearsal {
    /// The set-up of a test.
    package struct Given: Sendable, Equatable {
        /// The fake clock's first instant; the connection is added then.
        package let now: Timestamp
        /// How far this machine's clock is ahead of the source's; replies carry the source's `Date`.
        package let ahead: Duration
        /// The cloud, whose shipped addresses are used.
        package let cloud: String
        /// The form's values by field; required fields that are not given get an example.
        package let credentials: [String: String]
        /// The kind of credential; its value is made up.
        package let credential: Auth.Credential
        /// The streams chosen; `nil` means all that are enabled by default.
        package let streams: [String]?
        /// How much history is asked for.
        package let start: Duration?
        /// The places that streams with tokens or links were at, by stream.
        package let cursors: [String: PagePlace]
        /// How many passes are made.
        package let passes: Int
        /// How far the clock moves between the starts of two passes.
        package let every: Duration
        /// The token that token requests get where no exchange fits them.
        package let token: Token
    }

    /// A made-up access token, JWT-shaped and unsigned.
    package struct Token: Sendable, Equatable {
        /// Its claims, over those that fit the set-up: tenant, audience, client, expiry and every permission; `null`
        /// takes one away.
        package let claims: Object
        /// The seconds it is good for.
        package let expiresIn: Int
    }

    /// A request that is expected and the reply it gets.
    package struct Exchange: Sendable, Equatable {
        /// How often it is used.
        package enum Times: Sendable, Equatable {
            /// So often, no more and no less.
            case exactly(Int)
            /// Once or more.
            case some
            /// Any number of times, none included.
            case any
        }

        /// What a request must look like.
        package let expect: Expected
        /// What it gets.
        package let reply: Reply
        /// How often it is used.
        package let times: Times
        /// The pass in which it may be used, counted from 1; `nil` means any.
        package let pass: Int?
    }

    /// What a request must look like; everything that is stated must fit.
    package struct Expected: Sendable, Equatable {
        /// The method; `nil` fits any.
        package let method: String?
        /// The service whose base the address lies under; `nil` fits any.
        package let service: String?
        /// A glob over the path as sent, after the service's base.
        package let path: String?
        /// Globs over decoded query values, by name without regard to case.
        package let query: [String: String]
        /// Globs over the fields of a form.
        package let form: [String: String]
        /// Globs over what a JSON body holds, as text, by JSON Pointer.
        package let json: [Pointer: String]
        /// Globs over headers, by name without regard to case.
        package let headers: [String: String]
    }

    /// What a request gets.
    package struct Reply: Sendable, Equatable {
        /// The status.
        package let status: Int
        /// The headers.
        package let headers: [(name: String, value: String)]
        /// The body.
        package let body: [UInt8]
        /// A trouble instead of an answer.
        package let trouble: Trouble?
        /// A token answer made of these claims, instead of a body.
        package let token: Token?
        /// How long the fake clock moves before the reply is there.
        package let delay: Duration

        package static func == (left: Reply, right: Reply) -> Bool {
            left.status == right.status && left.body == right.body && left.trouble == right.trouble
                && left.token == right.token && left.delay == right.delay
                && left.headers.elementsEqual(right.headers, by: ==)
        }
    }

    /// What must come of a test.
    package struct Outcome: Sendable, Equatable {
        /// Probe steps by id, or by `id/stream`, with their results.
        package let steps: [String: String]
        /// Streams with the number of records stored.
        package let records: [String: Int]
        /// Streams with counts by name: listed, fetched, stored, duplicate, late, changed, dropped, lost.
        package let counts: [String: [String: Int]]
        /// Streams with their states.
        package let states: [String: String]
        /// The class of the connection's cause.
        package let faultClass: FaultClass?
        /// The remedy of the connection's cause, or of the first step that failed.
        package let remedy: String?
        /// Every gap there must be, in any order; `nil` does not look.
        package let gaps: [ExpectedGap]?
        /// Streams with the instant up to which they must have caught up at least.
        package let caughtUpTo: [String: Timestamp]
        /// Streams with the place they must have come to; `nil` expects none.
        package let cursors: [String: PagePlace?]
        /// The number of requests that were sent.
        package let requests: Int?
        /// The least the fake clock must have been waited for in the whole.
        package let waited: Duration?
    }

    /// A gap that there must be.
    package struct ExpectedGap: Sendable, Equatable {
        /// Its stream.
        package let stream: String
        /// `item` or `span`.
        package let kind: String
        /// Its class; `nil` does not look.
        package let cause: FaultClass?
        /// The item's content id, for items; `nil` does not look.
        package let item: String?
        /// Where it begins; `nil` does not look.
        package let from: Timestamp?
        /// Where it ends; `nil` does not look.
        package let to: Timestamp?
    }

    /// An answer and what it must be taken for.
    package struct ClassifiedAnswer: Sendable, Equatable {
        /// The service that answers.
        package let service: String
        /// What the request was for.
        package let step: Answer.Step
        /// The answer.
        package let reply: Reply
        /// The rule that must fit; `nil` expects a success.
        package let rule: String?
        /// The class it must give; `nil` does not look.
        package let faultClass: FaultClass?
        /// The action it must give; `nil` does not look.
        package let action: FaultAction?
        /// The remedy it must give; `nil` does not look.
        package let remedy: String?
        /// The wait it must name; `nil` does not look.
        package let wait: Duration?
        /// The code it must show; `nil` does not look.
        package let code: String?
    }
}
