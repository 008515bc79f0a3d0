// SPDX-License-Identifier: Apache-2.0
import Basics
import HTTPServer
import JSON

extension Cloud {
    /// A fault that answers in place of the service.
    func replace(_ action: Fault.Action, _ call: Call, _ app: String) throws(Refusal) {
        switch action {
        case .status(let status, let body, let headers):
            let named = headers.contains { $0.0.lowercased() == "content-type" }
            let type = named || body.isEmpty ? "" : "application/json; charset=utf-8"
            throw Refusal(
                response: .feed(body: body, type: type, status: status, headers: headers.map { ($0.0, $0.1) })
            )
        case .reset: throw Refusal(response: Response(status: 200, ending: .reset))
        case .html(let status):
            let page =
                "<!DOCTYPE html><html><head><title>Service Unavailable</title></head><body>Our services aren't "
                + "available right now</body></html>"
            throw Refusal(response: .feed(body: Array(page.utf8), type: "text/html", status: status))
        case .empty(let status): throw Refusal(response: .feed(body: [], type: "", status: status))
        case .object: throw object(call)
        case .throttle(let status, let retryAfter): throw throttled(call, status, retryAfter)
        case .lostPage: throw lostPage(call)
        case .unlicensed: throw unlicensed(call)
        case .coolDown(let seconds): throw .coolDown(seconds: seconds)
        case .expired: throw .feed(400, "AF20051", expiredText(call.rest))
        case .missing:
            throw .feed(
                knobs.missingStatus,
                "AF20050",
                "The specified content (\(call.rest)) does not exist."
            )
        case .unreadable: throw .feed(500, "AF50000", "An internal error occurred. Retry the request.")
        case .expiredToken:
            switch call.operation.service {
            case .graph: throw expiredGraphToken(call)
            case .okta: throw badOktaToken(call)
            case .github: throw badGitHubToken(call)
            default: throw .denied
            }
        case .auditingOff(.errors): throw auditingOff(call, app)
        case .auditingOff(.empty): throw Refusal(response: .feed([]))
        case .delay, .truncate, .malformed, .pageLoop, .foreignNextPage, .foreignContent, .localhostContent,
            .duplicateBlob, .duplicateRecords, .hidden, .emptyPage, .shortPage, .repeatedItem, .tooWide:
            return
        }
    }

    /// An object where an array was promised.
    private func object(_ call: Call) -> Refusal {
        switch call.operation.service {
        case .graph:
            Refusal(
                response: graph(["@odata.context": .string("\(bases.published)/graph"), "value": [:]], call)
            )
        case .okta, .github: Refusal(response: .json("{\"message\":\"An error has occurred.\"}"))
        default: Refusal(response: .feed(["Message": "An error has occurred."]))
        }
    }

    /// Too many requests, as each service says it.
    private func throttled(_ call: Call, _ status: Int?, _ retryAfter: Int?) -> Refusal {
        switch call.operation.service {
        case .graph: return tooMany(call, status: status ?? 429, retryAfter: retryAfter)
        case .okta:
            return tooManyForOkta(call, status: status ?? 429, wait: .seconds(retryAfter ?? 30))
        case .github:
            guard let retryAfter else {
                return tooManyForGitHub(call, status: status ?? 403, wait: .minutes(1))
            }
            return secondaryLimit(call, status: status ?? 403, retryAfter: retryAfter)
        case .exchange:
            var response = Refusal.odata(status ?? 429, "TooManyRequests", "Too many requests.").response
            if let retryAfter { response.headers.append(("Retry-After", String(retryAfter))) }
            return Refusal(response: response)
        default:
            return .throttled(
                call.operation,
                publisher: publisher(call) ?? noPublisher,
                status: status ?? 403,
                retryAfter: retryAfter
            )
        }
    }
}
