// SPDX-License-Identifier: Apache-2.0
import JSON

extension CredentialField {
    /// The value as it is kept: normalised as the definition says; a secret is never changed.
    package func normalised(_ value: String) -> String {
        guard !isSecret else { return value }
        return normalise.reduce(value) { value, step in
            switch step {
            case .trim: Text.trimmed(value)
            case .lower: value.lowercased()
            case .clean: Text.cleaned(value)
            }
        }
    }

    /// Whether `value` counts as not given, `others` being the other fields' values by name.
    package func isAbsent(_ value: String, among others: [String: String] = [:]) -> Bool {
        let value = normalised(value)
        return value.isEmpty || absentIf?.holds(in: names(value, others)) == true
    }

    /// Everything that is wrong with `value`, as sentences that never quote a secret.
    ///
    /// An empty list means that the value can be used. `others` are the other fields' normalised values by name.
    package func problems(with value: String, among others: [String: String] = [:]) -> [String] {
        var problems: [String] = []
        if isSecret || normalise.isEmpty { problems += unseenEnds(of: value) }
        let value = normalised(value)
        if value.isEmpty { return ["\(label) is empty."] }
        // A rejection names the likely mistake, which says more than "not in the form of".
        let rejected = reject.filter { rejection in
            if let shape = rejection.shape, !Self.has(value, shape: shape) { return false }
            return rejection.condition?.holds(in: names(value, others)) ?? true
        }
        problems += rejected.map(\.say)
        if rejected.isEmpty, let form = formProblem(value) { problems.append(form) }
        return problems
    }

    private func names(_ value: String, _ others: [String: String]) -> Names {
        Names([
            "value": .string(value),
            "credentials": .object(
                Object(others.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })
            ),
        ])
    }

    private func unseenEnds(of value: String) -> [String] {
        let scalars = value.unicodeScalars
        var problems: [String] = []
        if let first = scalars.first, let name = Text.nameOfUnseen(first) {
            problems.append("\(label) starts with \(name); copy it again without it.")
        }
        if scalars.count > 1, let last = scalars.last, let name = Text.nameOfUnseen(last) {
            problems.append("\(label) ends with \(name); copy it again without it.")
        }
        return problems
    }

    private func formProblem(_ value: String) -> String? {
        let form: String? =
            switch kind {
            case .guid:
                Text.isGUID(value)
                    ? nil : "must be a GUID such as \(example ?? "46b472a7-c68e-4adf-8ade-3db49497518e")"
            case .domain:
                Text.isDomain(value) ? nil : "must be a domain name such as \(example ?? "contoso.example")"
            case .url: BaseURL(value) == nil ? "must be an address that starts with https://" : nil
            case .choice: choices.contains(value) ? nil : "must be one of \(choices.joined(separator: ", "))"
            case .text, .secret, .certificate, .federated: nil
            }
        return form.map { "\(label) \($0)." }
    }

    private static func has(_ value: String, shape: Kind) -> Bool {
        switch shape {
        case .guid: Text.isGUID(value)
        case .domain: Text.isDomain(value)
        case .url: BaseURL(value) != nil
        default: false
        }
    }
}
