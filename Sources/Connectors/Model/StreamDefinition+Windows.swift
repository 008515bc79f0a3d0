// SPDX-License-Identifier: Apache-2.0

extension StreamDefinition {
    /// Whether the list can be asked for a span with an end, which needs `window.end` in its request.
    package var hasBoundedWindows: Bool { cursor.windows != nil && list.request.names("window", "end") }

    /// In how many windows a span of the past is asked for, each at least one request; `nil` where the source cannot be
    /// asked for one.
    package func windowCount(over span: Duration) -> Int? {
        guard hasBoundedWindows, let window = cursor.windows else { return nil }
        return max(1, Int((span / window.longest).rounded(.up)))
    }
}

extension RequestTemplate {
    /// Every expression in it.
    var expressions: [Expression] {
        let items = query + headers
        let body: [Expression] =
            switch body {
            case .none: []
            case .form(let items): items.flatMap(\.value.expressions)
            case .json(let template): template.expressions
            }
        return path.expressions + items.flatMap(\.value.expressions) + body
    }

    /// Whether any of its expressions begins with `name` and goes on with `member`.
    func names(_ name: String, _ member: String) -> Bool {
        expressions.contains { $0.paths.contains { $0.name == name && $0.members.first == member } }
    }
}
