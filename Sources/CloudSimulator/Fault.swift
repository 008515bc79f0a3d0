// SPDX-License-Identifier: Apache-2.0

/// A rule that makes the simulated cloud misbehave: which requests, how often, and how.
package struct Fault: Sendable {
    /// Its name, for taking it back and for counting.
    package var id: String
    /// Which requests it meets.
    package var match: Match
    /// How often it acts; `nil` is for ever.
    package var times: Int?
    /// How many requests that match pass before it acts.
    package var skip: Int
    /// From when it acts.
    package var from: Scenario.Moment?
    /// Until when it acts.
    package var until: Scenario.Moment?
    /// On which of the requests it acts, over and over: `x` acts, `.` lets pass; empty acts on all.
    package var rhythm: String
    /// What it does.
    package var action: Action

    /// A fault named `id`; without a name it gets one.
    package init(
        _ action: Action,
        on match: Match = Match(),
        id: String = "",
        times: Int? = nil,
        skip: Int = 0,
        from: Scenario.Moment? = nil,
        until: Scenario.Moment? = nil,
        rhythm: String = ""
    ) {
        self.id = id
        self.match = match
        self.times = times
        self.skip = skip
        self.from = from
        self.until = until
        self.rhythm = rhythm
        self.action = action
    }

    /// Which requests a fault meets; what is not set meets everything.
    package struct Match: Sendable {
        /// The operations.
        package var operations: Set<Operation> = []
        /// The HTTP method.
        package var method: String?
        /// The path, `*` standing for anything.
        package var path: String?
        /// The tenant, by GUID or domain.
        package var tenant: String?
        /// The client id in the token or the token request.
        package var app: String?
        /// The content type.
        package var type: ContentType?
        /// The number of a page, the first being 1.
        package var page: Int?
        /// The index of a blob in its type.
        package var blob: Int?
        /// Blobs created from here.
        package var createdFrom: Scenario.Moment?
        /// Blobs created before here.
        package var createdTo: Scenario.Moment?

        /// Meets the operations, and everything if there are none.
        package init(
            _ operations: Operation...,
            tenant: String? = nil,
            type: ContentType? = nil,
            blob: Int? = nil,
            path: String? = nil,
            page: Int? = nil
        ) {
            self.operations = Set(operations)
            self.tenant = tenant?.lowercased()
            self.type = type
            self.blob = blob
            self.path = path
            self.page = page
        }

        /// Whether it names blobs rather than requests.
        var namesBlobs: Bool { blob != nil || createdFrom != nil || createdTo != nil }
    }

    /// What a fault does.
    package enum Action: Sendable {
        /// Answers this instead.
        case status(Int, body: [UInt8], headers: [(String, String)])
        /// Answers later.
        case delay(Duration)
        /// Drops the connection without an answer.
        case reset
        /// Promises the whole body and drops the connection after so many bytes, or after half of it.
        case truncate(after: Int?)
        /// Sends half of the body as if it were whole.
        case malformed
        /// Answers a page for browsers.
        case html(Int)
        /// Answers nothing.
        case empty(Int)
        /// Answers an object where an array belongs.
        case object
        /// Answers that there were too many requests, as the service says it.
        case throttle(status: Int?, retryAfter: Int?)
        /// Answers the bare code of the start cool-down.
        case coolDown(seconds: Int)
        /// Names the same next page again and again.
        case pageLoop
        /// Names a next page on the foreign host.
        case foreignNextPage
        /// Answers a page without items that has a next one.
        case emptyPage
        /// Answers half a page that has a next one.
        case shortPage
        /// Begins a page with an item that the page before it ended with.
        case repeatedItem
        /// Has lost the page token.
        case lostPage
        /// Answers 504 where more than this span of time is asked for.
        case tooWide(Duration)
        /// Says that the tenant has no premium license.
        case unlicensed
        /// Lists blobs with links to the foreign host.
        case foreignContent
        /// Lists blobs with the malformed localhost link.
        case localhostContent
        /// Lists blobs twice.
        case duplicateBlob
        /// Holds each record twice.
        case duplicateRecords
        /// Does not list the blobs.
        case hidden
        /// Says the content has expired.
        case expired
        /// Says the content does not exist.
        case missing
        /// Says the server failed.
        case unreadable
        /// Says the token is no good any more.
        case expiredToken
        /// Answers as a tenant without auditing does.
        case auditingOff(Scenario.AuditingChange.Silence)
    }
}
