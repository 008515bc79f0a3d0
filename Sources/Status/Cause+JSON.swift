// SPDX-License-Identifier: Apache-2.0
import Basics
package import Connectors
package import JSON

extension Cause {
    /// The cause as status prints it and the ledger keeps it.
    package var json: Value {
        members(
            ("class", .string(faultClass.rawValue)),
            ("code", .text(code)),
            ("message", .string(message)),
            ("since", .time(since)),
            ("confirmed", .bool(confirmed)),
            ("remedy", remedy?.json ?? .null)
        )
    }

    /// Reads what ``json`` wrote; `nil` for anything else.
    package init?(json value: Value) {
        guard let faultClass = value["class"]?.stringValue.flatMap(FaultClass.init(rawValue:)),
            let message = value["message"]?.stringValue, let since = value.time("since")
        else { return nil }
        self.init(
            faultClass: faultClass,
            code: value["code"]?.stringValue,
            message: message,
            since: since,
            confirmed: value["confirmed"]?.boolValue ?? false,
            remedy: value["remedy"].flatMap(Remedy.init(json:))
        )
    }
}

extension Remedy {
    /// The remedy as every `--json` output prints it.
    package var json: Value {
        members(
            ("id", .string(id)),
            ("title", .string(title)),
            ("cause", .string(cause)),
            ("steps", .array(steps.map { .string($0) })),
            ("who", .string(who)),
            ("where", .text(`where`)),
            ("takes", .string(takes)),
            ("next", .string(next))
        )
    }

    /// Reads what ``json`` wrote; `nil` for anything else.
    package init?(json value: Value) {
        guard let id = value["id"]?.stringValue, let title = value["title"]?.stringValue else { return nil }
        self.init(
            id: id,
            title: title,
            cause: value["cause"]?.stringValue ?? "",
            steps: (value["steps"]?.arrayValue ?? []).compactMap(\.stringValue),
            who: value["who"]?.stringValue ?? "",
            where: value["where"]?.stringValue,
            takes: value["takes"]?.stringValue ?? "",
            next: value["next"]?.stringValue ?? ""
        )
    }
}
