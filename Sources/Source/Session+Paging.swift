// SPDX-License-Identifier: Apache-2.0
package import Connectors
import JSON

extension Session {
    /// Asks for one page of a stream's list, `more` binding names such as `window` and `stream`.
    ///
    /// Each way of paging puts its place where the definition says: a link is followed under the service's base only, a
    /// token goes into query, header or body, a number into the query. `addQuery` is put onto every page but the first.
    package func page(
        of stream: StreamDefinition,
        at place: PagePlace,
        with more: Names = Names()
    ) async throws -> Reply {
        let (request, paging) = (stream.list.request, stream.paging)
        var place = place
        if place == .first, let number = paging.firstNumber { place = .number(number) }
        var token = Value.null
        if case .token(let text) = place { token = .string(text) }
        let names = more.with("cursor", .object(["token": token]))
        switch place {
        case .first: return try await ask(request, for: .list, with: names)
        case .link(let url):
            return try await follow(url, like: request, for: .list, with: names, addQuery: paging.addQuery)
        case .token(let value):
            let carrying = paging.target.map { request.carrying(value, in: $0) } ?? request
            return try await ask(carrying, for: .list, with: names, addQuery: paging.addQuery)
        case .number(let number):
            return try await ask(
                request,
                for: .list,
                with: names,
                adding: paging.parameter.map { [($0, "\(number)")] } ?? [],
                addQuery: number == paging.firstNumber ? [] : paging.addQuery
            )
        }
    }
}
