// SPDX-License-Identifier: Apache-2.0
import JSON

extension Definition {
    /// Every confirmation of the connection test.
    package var confirmations: [Confirmation] { probe.flatMap(\.confirm) }

    /// The services that only confirmations ask: a connection does without them.
    package var optionalServices: Set<String> {
        var used: Set<String> = []
        if let token = auth.token { used.insert(token.service) }
        used.formUnion(probe.compactMap { $0.request?.service })
        for stream in streams where !stream.isDerived {
            used.insert(stream.list.request.service)
            used.formUnion([stream.fetch?.request.service].compactMap { $0 })
            for step in stream.before {
                used.insert(step.request.service)
                used.formUnion([step.look?.service].compactMap { $0 })
            }
        }
        return Set(confirmations.map(\.request.service)).subtracting(used)
    }

    /// The permissions that only confirmations need: a connection does without them.
    package var confirmingPermissions: Set<String> {
        Set(confirmations.map(\.permission)).subtracting(streams.flatMap(\.neededPermissions))
    }

    /// Notes confirmations that could never be put.
    func checkConfirmations(_ note: Note, _ top: Pointer) {
        for (i, step) in probe.enumerated() {
            let at = top.appending("probe").appending(i).appending("confirm")
            var seen: Set<String> = []
            for (j, confirmation) in step.confirm.enumerated() {
                let place = at.appending(j)
                if !seen.insert(confirmation.id).inserted {
                    note(
                        .reference,
                        place,
                        "\"\(confirmation.id)\" is given twice in confirm.",
                        "Give each its own name."
                    )
                }
                guard let permission = permissions.first(where: { $0.value == confirmation.permission })
                else {
                    let known = permissions.map(\.value).joined(separator: ", ")
                    note(
                        .reference,
                        place,
                        "\"\(confirmation.permission)\" is no permission of this definition.",
                        known.isEmpty ? "There is none." : "There are: \(known)."
                    )
                    continue
                }
                if permission.service != confirmation.request.service {
                    note(
                        .reference,
                        place,
                        "\"\(permission.value)\" is a permission of the service \"\(permission.service)\", which is not asked.",
                        "Name a permission of the service \"\(confirmation.request.service)\"."
                    )
                }
            }
        }
    }
}
