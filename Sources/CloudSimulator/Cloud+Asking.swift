// SPDX-License-Identifier: Apache-2.0
import Basics
import HTTPServer
import JSON

/// The query options of Graph's collections.
extension Cloud {
    /// Refuses options that a collection does not know.
    func checkOptions(_ call: Call, _ rule: CollectionRule) throws(Refusal) {
        for (name, _) in call.request.query where name.hasPrefix("$") {
            guard rule.options.contains(name.lowercased()) else {
                throw badRequest(
                    "The query specified in the URI is not valid. Query option '\(name)' is not allowed.",
                    call
                )
            }
        }
    }

    func badRequest(_ text: String, _ call: Call) -> Refusal { graph(400, "BadRequest", text, call) }

    private func badFilter(_ call: Call) -> Refusal { badRequest("Invalid filter clause", call) }

    /// The filter of a request, if there is one and the collection takes it.
    func filter(_ call: Call, _ rule: CollectionRule) throws(Refusal) -> Filter? {
        guard let text = call.query("$filter") else { return nil }
        guard let filter = Filter(text) else { throw badFilter(call) }
        for term in filter.terms {
            if term.property == "signInEventTypes", call.graphVersion != "beta" {
                throw badRequest(
                    "Could not find a property named 'signInEventTypes' on type 'microsoft.graph.signIn'.",
                    call
                )
            }
            guard rule.filters[term.property]?.contains(term.comparison) ?? false else {
                throw badFilter(call)
            }
            // Times stand bare; texts stand in quotation marks.
            guard term.property.hasSuffix("DateTime") == (term.instant != nil) else { throw badFilter(call) }
        }
        return filter
    }

    /// How many items are asked for at most.
    func top(_ call: Call, _ rule: CollectionRule) throws(Refusal) -> Int {
        guard let text = call.query("$top") ?? preferred(call, rule) else { return rule.usual }
        guard let number = Int(text), number > 0 else {
            throw badRequest("Invalid value '\(text)' for $top query option found.", call)
        }
        if rule.refusesMore, number > rule.most { throw exceeded("Top", rule.most, number, call) }
        return min(number, rule.most)
    }

    /// How many items are to be left out.
    func skip(_ call: Call, _ rule: CollectionRule) throws(Refusal) -> Int {
        guard let text = call.query("$skip") else { return 0 }
        guard let number = Int(text), number >= 0 else {
            throw badRequest("Invalid value '\(text)' for $skip query option found.", call)
        }
        if let most = rule.mostSkipped, number > most { throw exceeded("Skip", most, number, call) }
        return number
    }

    private func exceeded(_ option: String, _ most: Int, _ number: Int, _ call: Call) -> Refusal {
        badRequest(
            "The limit of '\(most)' for \(option) query has been exceeded. The value from the incoming request is "
                + "'\(number)'.",
            call
        )
    }

    /// The page size that a `Prefer` header asks for, where that is the way.
    private func preferred(_ call: Call, _ rule: CollectionRule) -> String? {
        guard rule.linksBySkip, let header = call.request.header("Prefer") else { return nil }
        let wishes = header.split(separator: ",").map { $0.filter { $0 != " " } }
        return wishes.first { $0.lowercased().hasPrefix("odata.maxpagesize=") }.map {
            String($0.dropFirst(18))
        }
    }

    /// The property that orders the answer, and whether its largest comes first.
    func order(_ call: Call, _ rule: CollectionRule) throws(Refusal) -> (property: String, descending: Bool) {
        guard let text = call.query("$orderby") else { return (rule.time, true) }
        let words = text.split(separator: " ").map(String.init)
        guard words.count == 1 || words.count == 2, words[0] == rule.time || rule.orders.contains(words[0]),
            words.count == 1 || words[1] == "asc" || words[1] == "desc"
        else { throw badRequest("The query specified in the URI is not valid. Invalid $orderby.", call) }
        return (words[0], words.last == "desc")
    }

    /// Where the page that is asked for begins, if it is not the first.
    func mark(_ call: Call) throws(Refusal) -> PageMark? {
        guard let text = call.query("$skiptoken") else { return nil }
        guard let mark = PageMark(text, key: tokenKey),
            Timestamp(seconds: mark.issued) + knobs.pageLifetime > now
        else { throw lostPage(call) }
        return mark
    }

    /// What is answered for a page token that the service has lost.
    func lostPage(_ call: Call) -> Refusal {
        switch call.operation.service {
        case .graph: graph(400, "UnknownError", "Invalid Skip Token, skip token is null", call)
        case .okta: okta(400, "E0000031", "Invalid search criteria.", call)
        case .github: gitHub(400, "The provided cursor is invalid.", call)
        default: .feed(400, "AF20031", "Invalid nextPage Input: \(call.query("nextPage") ?? "").")
        }
    }

    /// The page that a request asks for, the first being 1.
    func page(of call: Call) -> Int {
        let token = call.query("$skiptoken") ?? (call.operation.listsItems ? call.query("after") : nil)
        if let token, !token.isEmpty { return PageMark(token, key: tokenKey)?.page ?? 2 }
        if let skip = call.query("$skip").flatMap({ Int($0) }), skip > 0 {
            return skip / max(1, call.query("$top").flatMap { Int($0) } ?? 100) + 1
        }
        return call.query("nextPage") == nil ? 1 : 2
    }
}

/// What faults do to a page of items.
struct PageTwists {
    var isEmpty = false
    var isShort = false
    var repeats = false
    var loops = false
    var leadsAbroad = false
    var widest: Duration?

    init(_ acting: [Fault]) {
        for fault in acting {
            switch fault.action {
            case .emptyPage: isEmpty = true
            case .shortPage: isShort = true
            case .repeatedItem: repeats = true
            case .pageLoop: loops = true
            case .foreignNextPage: leadsAbroad = true
            case .tooWide(let span): widest = span
            default: continue
            }
        }
    }
}
