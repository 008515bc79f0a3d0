// SPDX-License-Identifier: Apache-2.0
import Connectors
import Crypto
import JSON
import Source

/// One page of a stream's list, read as far as the places of its elements.
struct ListPage: Sendable {
    let reply: Reply
    /// Where the elements lie, with a record's fields picked where the elements are the records.
    let split: Split
    let pick: RecordFields
    /// Where the source says that the next page is.
    let next: PagePlace?
    /// Where the next round begins, if this page ends one.
    let round: PagePlace?

    var count: Int { split.count }

    /// What of it decides how the walk goes on.
    var facts: PageWalk.Page { PageWalk.Page(next: next, count: count, digest: digest) }

    /// A digest of all elements' bytes, with what stands between them.
    private var digest: UInt64 {
        guard count > 0 else { return 0 }
        let range = split.range(0).lowerBound..<split.range(count - 1).upperBound
        return reply.body.withUnsafeBytes { Digest.fast64(UnsafeRawBufferPointer(rebasing: $0[range])) }
    }
}

extension StreamContext {
    private static let noElements: [UInt8] = [UInt8(ascii: "["), UInt8(ascii: "]")]

    /// Asks for the page at `place`, persistently, `fields` being those to pick of each element.
    ///
    /// An answer that is no list is judged here, so that it is asked for again like any failure; it is never taken
    /// for an empty one. An error that the definition calls no trouble brings no elements.
    func page(
        at place: PagePlace,
        with names: Names,
        picking pick: RecordFields,
        purse: Purse
    ) async throws -> ListPage {
        var found: Split?
        let reply = try await persist(purse: purse) {
            let reply = try await session.page(of: stream, at: place, with: names)
            found = nil
            if let action = reply.verdict?.action {
                if action == .succeed {
                    found = try? Scanner.split(reply.body, at: stream.list.items, picking: pick.fields)
                }
                return reply
            }
            do {
                found = try Scanner.split(reply.body, at: stream.list.items, picking: pick.fields)
                return reply
            } catch {
                return session.judge(
                    reply,
                    .malformed,
                    "the list is not the JSON that was promised: \(error)"
                )
            }
        }
        guard let found, let response = reply.response else {
            let none = try Scanner.split(Self.noElements, picking: pick.fields)
            return ListPage(reply: reply, split: none, pick: pick, next: nil, round: nil)
        }
        return ListPage(
            reply: reply,
            split: found,
            pick: pick,
            next: Links.next(stream.paging, in: response),
            round: Links.round(stream.paging, in: response)
        )
    }

    /// What a walk that cannot go on means; `list` is what was being listed.
    func setback(_ page: ListPage, _ trouble: Trouble, listing list: String) -> Setback {
        let detail =
            trouble == .tooManyPages
            ? "the list of \(list) has more pages than may be read at a time"
            : "the list of \(list) goes in circles"
        return setback(page.reply, trouble, detail)
    }
}
