// SPDX-License-Identifier: Apache-2.0
import JSON

extension Definition {
    /// What the connection test asks only where the app holds the permission for it.
    package var favours: [(permission: String, request: RequestTemplate)] {
        probe.flatMap { step in
            step.confirm.map { ($0.permission, $0.request) }
                + [step.ends].compactMap { $0 }.map { ($0.permission, $0.request) }
        }
    }

    /// The services that are asked only where the app may: a connection does without them.
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
        return Set(favours.map(\.request.service)).subtracting(used)
    }

    /// The permissions that only make a test surer: a connection does without them.
    package var confirmingPermissions: Set<String> {
        Set(favours.map(\.permission)).subtracting(streams.flatMap(\.neededPermissions))
    }

    /// Notes confirmations and looks at ends that could never be asked for.
    func checkConfirmations(_ note: Note, _ top: Pointer) {
        for (i, step) in probe.enumerated() {
            let at = top.appending("probe").appending(i)
            var seen: Set<String> = []
            for (j, confirmation) in step.confirm.enumerated() {
                let place = at.appending("confirm").appending(j)
                if !seen.insert(confirmation.id).inserted {
                    note(
                        .reference,
                        place,
                        "\"\(confirmation.id)\" is given twice in confirm.",
                        "Give each its own name."
                    )
                }
                checkPermission(confirmation.permission, confirmation.request.service, note, place)
            }
            if let ends = step.ends {
                checkPermission(ends.permission, ends.request.service, note, at.appending("ends"))
            }
        }
    }

    /// Notes a permission that nobody could hold, or that says nothing to the service that is asked.
    private func checkPermission(_ name: String, _ service: String, _ note: Note, _ place: Pointer) {
        guard let permission = permissions.first(where: { $0.value == name }) else {
            let known = permissions.map(\.value).joined(separator: ", ")
            return note(
                .reference,
                place,
                "\"\(name)\" is no permission of this definition.",
                known.isEmpty ? "There is none." : "There are: \(known)."
            )
        }
        guard permission.service != service else { return }
        note(
            .reference,
            place,
            "\"\(name)\" is a permission of the service \"\(permission.service)\", which is not asked.",
            "Name a permission of the service \"\(service)\"."
        )
    }
}
