// SPDX-License-Identifier: Apache-2.0
import Basics

extension StreamDefinition {
    /// Keys are remembered for eight days past the watermark; more than a week is not asked for again.
    private static let longestOverlap = Duration.days(7)

    /// Ways of paging, cursors and requests that cannot go together.
    func checkCombinations(_ note: (Finding.Rule, String, String, String) -> Void) {
        checkPaging(note)
        checkParts(note)
        checkNames(note)
    }

    private func checkPaging(_ note: (Finding.Rule, String, String, String) -> Void) {
        let isOfRounds = if case .delta = paging.kind { true } else { false }
        switch cursor {
        case .delta where !isOfRounds:
            note(
                .conflict,
                "cursor",
                "A cursor of rounds needs pages that say where the next round begins.",
                "Make \"paging\" of kind delta, with \"next\" and \"delta\"."
            )
        case .window, .token, .snapshot, .none:
            if isOfRounds {
                note(
                    .conflict,
                    "paging",
                    "Pages that say where the next round begins need a cursor that keeps it.",
                    "Make \"cursor\" of kind delta, or the paging nextUrl."
                )
            }
        case .delta: break
        }
        if case .token = cursor {
            switch paging.kind {
            case .nextURL, .linkHeader, .token, .delta: break
            case .none, .page, .offset:
                note(
                    .conflict,
                    "cursor",
                    "A token cursor keeps what a page hands out, and these pages hand out nothing.",
                    "Use paging of kind nextUrl, linkHeader or token, or another cursor."
                )
            }
        }
        if let parameter = paging.parameter,
            list.request.query.contains(where: { $0.name.lowercased() == parameter.lowercased() })
        {
            note(
                .conflict,
                "paging",
                "\"\(parameter)\" is in the list's own query too.",
                "Leave it to the paging, which gives it its value on each page."
            )
        }
        checkTarget(note)
    }

    /// A token that goes where the list's request has no room for it.
    private func checkTarget(_ note: (Finding.Rule, String, String, String) -> Void) {
        let request = list.request
        switch paging.target {
        case .query, nil: break
        case .header(let name):
            if RequestTemplate.isReserved(header: name) {
                note(
                    .conflict,
                    "paging",
                    "The token goes into the header \"\(name)\", which the host alone sets.",
                    "Name another header, or put the token into the query or the body."
                )
            }
            if request.headers.contains(where: { $0.name.lowercased() == name.lowercased() }) {
                note(
                    .conflict,
                    "paging",
                    "The header \"\(name)\" is set by the list's own request too.",
                    "Leave it to the paging, which gives it its value on each page."
                )
            }
        case .body(let pointer):
            if case .json = request.body {
                guard !request.holdsMember(at: pointer) else { return }
                note(
                    .reference,
                    "paging",
                    "The token's place \"\(pointer)\" is no member of an object in the list's body.",
                    "Lead to a member of an object that \"json\" has, such as \"/page/after\" beside \"page\": {}."
                )
            } else {
                note(
                    .conflict,
                    "paging",
                    "The token goes into a body, and the list's request sends no JSON.",
                    "Give the request \"method\": \"POST\" and \"json\", or put the token into the query or a header."
                )
            }
        }
    }

    private func checkParts(_ note: (Finding.Rule, String, String, String) -> Void) {
        let goesByWindows = if case .window = cursor { true } else { false }
        if fetch != nil, !goesByWindows {
            note(
                .conflict,
                "fetch",
                "Items are fetched one by one in windows only: elsewhere the listed elements are the records.",
                "Leave \"fetch\" out, or make the cursor one of windows."
            )
        }
        if !relist.isEmpty, !hasBoundedWindows {
            note(
                .conflict,
                "relist",
                "Only spans of time can be listed again, and this list is never asked for one.",
                "Leave \"relist\" out, or use window.start and window.end in the request."
            )
        }
        if let overlap = cursor.windows?.overlap, overlap > Self.longestOverlap {
            note(
                .conflict,
                "cursor",
                "More is asked for again than keys are remembered for.",
                "Make overlap at most P7D; \"relist\" finds what comes later."
            )
        }
    }

    /// The names that a list's request has no value for.
    private func checkNames(_ note: (Finding.Rule, String, String, String) -> Void) {
        let request = list.request
        switch cursor {
        case .window:
            if !request.names("window", "start") {
                note(
                    .conflict,
                    "list",
                    "Every window would list the same: the request does not say which is meant.",
                    "Use window.start and window.end in it."
                )
            }
        case .token, .delta:
            let naked = request.expressions.contains { expression in
                expression.paths.contains { $0.name == "window" && $0.members.first == "end" }
                    && !expression.hasDefault
            }
            if naked {
                note(
                    .conflict,
                    "list",
                    "A list that is followed has no end, so that window.end stands for nothing at first.",
                    "Write it alone with default(null), which leaves the parameter out."
                )
            }
        case .snapshot, .none:
            if request.names("window", "start") || request.names("window", "end") {
                note(
                    .conflict,
                    "list",
                    "The whole is listed each time, so there is no window.",
                    "Leave window out of the request, or make the cursor one of windows."
                )
            }
        }
    }
}
