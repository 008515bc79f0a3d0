// SPDX-License-Identifier: Apache-2.0

extension Node {
    /// A path with what is done to it, as it stands between the braces of a template.
    func expression(_ scope: Scope) -> Expression? {
        guard let text = text(upTo: 500) else { return nil }
        do {
            var parser = try ExpressionParser(text)
            let expression = try parser.expression()
            try parser.expectEnd()
            scope.check(expression.paths, at: self, .template)
            return expression
        } catch {
            note(.template, error.description + ".", fix: "Write a path such as \"response.body.value[*]\".")
            return nil
        }
    }

    /// A path that goes through a list.
    func listPath(_ scope: Scope) -> Expression? {
        guard let path = expression(scope) else { return nil }
        guard case .step(.any)? = path.links.last else {
            note(.value, "leads to no list's elements.", fix: "Let it end in [*].")
            return nil
        }
        return path
    }
}
