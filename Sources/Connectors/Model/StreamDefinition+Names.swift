// SPDX-License-Identifier: Apache-2.0
package import JSON

extension StreamDefinition {
    /// What expressions know of it as `stream`: `id`, `title`, and `permissions`, what it needs in words.
    package var named: Value {
        .object([
            "id": .string(id), "title": .string(title),
            "permissions": .string(neededPermissions.joined(separator: ", ")),
        ])
    }
}
