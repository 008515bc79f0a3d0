// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import JSON

extension Command {
    static let connectorShow = Command(
        name: "connector show",
        synopsis: "CONNECTOR [--json]",
        summary: "shows what a connector asks for and collects",
        help: """
            Shows a connector's credentials with where to find them, its permissions and what each is for, its streams
            and what collecting them changes at the source.
            """,
        flags: ["--json"],
        words: 1...1
    ) { invocation in
        let shelf = try await invocation.shownShelf()
        let definition = try shelf.definition(invocation.arguments.words[0])
        let trust = shelf.items.first { $0.id == definition.id }?.trust ?? .shipped
        if invocation.arguments.has("--json") {
            invocation.output.json(document(of: definition, trust))
        } else {
            for line in page(of: definition, trust) { invocation.output.line(line) }
        }
        return .done
    }

    private static func page(of definition: Definition, _ trust: Shelf.Trust) -> [String] {
        var lines = [
            "\(definition.title) (\(definition.id) \(definition.version), \(definition.tier.rawValue), \(trust.rawValue))",
            definition.summary, "", "Credentials:",
        ]
        for field in definition.credentials {
            let need =
                field.isRequired ? "required" : field.requiredUnless.map { "unless \($0)" } ?? "optional"
            lines.append("  \(field.name)  \(field.label) (\(field.isSecret ? "secret, " : "")\(need))")
            lines.append("      \(field.help)")
            if let place = field.where { lines.append("      where: \(place)") }
            if let example = field.example { lines.append("      such as: \(example)") }
        }
        lines += ["", "Permissions:"]
        for permission in definition.permissions {
            let need = permission.isOptional ? " (optional)" : ""
            lines.append("  \(permission.value) of \(permission.resource)\(need): \(permission.why)")
        }
        if !definition.prerequisites.isEmpty {
            lines += ["", "At the source:"]
            lines += definition.prerequisites.map { "  \($0.label) (\($0.who), takes \($0.takes))" }
        }
        lines += ["", "Streams:"]
        for stream in definition.streams {
            let chosen = stream.enabledByDefault ? "" : " (only when chosen)"
            lines.append("  \(stream.id)\(chosen): \(stream.summary)")
            if stream.isDerived {
                lines.append("      made of records of \(stream.from.joined(separator: ", "))")
            }
            for step in stream.before where step.hasSideEffect {
                lines.append("      changes at the source: \(step.title)")
            }
        }
        if !definition.retired.isEmpty {
            lines += ["", "No more:"] + definition.retired.map { "  " + $0.words(by: definition.id) }
        }
        if !definition.knownLimits.isEmpty {
            lines += ["", "Know before relying on it:"]
            lines += definition.knownLimits.map { "  " + $0 }
        }
        if !definition.docs.isEmpty {
            lines += ["", "Read more:"] + definition.docs.map { "  \($0.name): \($0.url)" }
        }
        return lines
    }

    private static func document(of definition: Definition, _ trust: Shelf.Trust) -> Value {
        let credentials = definition.credentials.map { field -> Value in
            [
                "name": .string(field.name), "type": .string(field.kind.rawValue),
                "label": .string(field.label),
                "help": .string(field.help), "where": text(field.where), "example": text(field.example),
                "required": .bool(field.isRequired), "requiredUnless": text(field.requiredUnless),
                "secret": .bool(field.isSecret), "default": text(field.default),
                "choices": .array(field.choices.map { .string($0) }),
            ]
        }
        let permissions = definition.permissions.map { permission -> Value in
            [
                "value": .string(permission.value), "resource": .string(permission.resource),
                "why": .string(permission.why), "optional": .bool(permission.isOptional),
            ]
        }
        let streams = definition.streams.map { stream -> Value in
            [
                "id": .string(stream.id), "title": .string(stream.title), "summary": .string(stream.summary),
                "enabledByDefault": .bool(stream.enabledByDefault),
                "neededPermissions": .array(stream.neededPermissions.map { .string($0) }),
                "from": .array(stream.from.map { .string($0) }),
                "retention": stream.retention().map { .int($0.wholeSeconds) } ?? .null,
                "changes": .array(stream.before.filter(\.hasSideEffect).map { .string($0.title) }),
            ]
        }
        return [
            "schema": 1, "id": .string(definition.id), "version": .string(definition.version),
            "title": .string(definition.title), "publisher": .string(definition.publisher),
            "summary": .string(definition.summary), "tier": .string(definition.tier.rawValue),
            "trust": .string(trust.rawValue),
            "credentials": .array(credentials), "permissions": .array(permissions),
            "streams": .array(streams),
            "retired": .array(
                definition.retired.map { item in
                    [
                        "id": text(item.connector), "stream": text(item.stream), "say": .string(item.say),
                        "use": text(item.use),
                    ]
                }
            ),
            "knownLimits": .array(definition.knownLimits.map { .string($0) }),
            "docs": .array(definition.docs.map { ["name": .string($0.name), "url": .string($0.url)] }),
        ]
    }

    private static func text(_ text: String?) -> Value { text.map { .string($0) } ?? .null }
}
