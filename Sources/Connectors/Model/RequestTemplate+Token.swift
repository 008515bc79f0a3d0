// SPDX-License-Identifier: Apache-2.0
package import JSON

extension RequestTemplate {
    /// This request with `token` where `target` says; the token is taken as it is, whatever stands in it.
    ///
    /// What the request says there itself is replaced. A body without that place stays as it is: lint refuses the
    /// definition.
    package func carrying(_ token: String, in target: Paging.Target) -> RequestTemplate {
        let literal = Template(literal: token)
        func placed(_ items: [Item], _ name: String) -> [Item] {
            items.filter { $0.name.lowercased() != name.lowercased() } + [Item(name: name, value: literal)]
        }
        var (query, headers, body) = (query, headers, body)
        switch target {
        case .query(let name): query = placed(query, name)
        case .header(let name): headers = placed(headers, name)
        case .body(let pointer):
            guard case .json(let json) = body else { break }
            body = .json(json.setting(.plain(.string(token)), at: pointer.tokens[...]) ?? json)
        }
        return RequestTemplate(
            service: service,
            method: method,
            path: path,
            query: query,
            headers: headers,
            body: body,
            quotas: quotas,
            isAuthorised: isAuthorised
        )
    }

    /// Whether the JSON body that is sent has an object at whose member `pointer` leads.
    package func holdsMember(at pointer: Pointer) -> Bool {
        guard case .json(let json) = body else { return false }
        return json.setting(.plain(.null), at: pointer.tokens[...]) != nil
    }
}

extension ValueTemplate {
    /// This value with `new` as the object's member to which `path` leads; `nil` where it leads to none.
    ///
    /// Only the member itself may be missing: what stands above it is part of the request.
    fileprivate func setting(_ new: ValueTemplate, at path: ArraySlice<String>) -> ValueTemplate? {
        guard let first = path.first else { return nil }
        let rest = path.dropFirst()
        switch self {
        case .object(var members):
            if let i = members.firstIndex(where: { $0.name == first }) {
                guard let value = rest.isEmpty ? new : members[i].value.setting(new, at: rest) else {
                    return nil
                }
                members[i] = Member(name: first, value: value)
            } else {
                guard rest.isEmpty else { return nil }
                members.append(Member(name: first, value: new))
            }
            return .object(members)
        case .array(var elements):
            guard let i = Int(first), elements.indices.contains(i),
                let element = elements[i].setting(new, at: rest)
            else { return nil }
            elements[i] = element
            return .array(elements)
        case .template, .plain, .each: return nil
        }
    }
}
