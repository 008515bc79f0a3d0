// SPDX-License-Identifier: Apache-2.0
import Host
import JSON
import Store
import Web

extension Command {
    static let configShow = Command(
        name: "config show",
        synopsis: "[--json]",
        summary: "shows the settings",
        help: "Shows every setting of config.json with its value, and what it is for.",
        flags: ["--json"]
    ) { invocation in
        let settings = try Desk.settings(invocation.place)
        if invocation.arguments.has("--json") {
            invocation.output.json(["schema": 1, "config": .object(settings.object)])
            return .done
        }
        var table = Table("setting", "value", "what it is for")
        for key in SettingKey.all {
            let value = settings.value(key.name)
            table.add(key.name, value.map { $0.stringValue ?? $0.text() } ?? "-", key.purpose)
        }
        invocation.output.table(table)
        return .done
    }

    static let configToken = Command(
        name: "config token",
        synopsis: "[--drop]",
        summary: "makes the token that the served pages ask for",
        help: """
            Prints a new access token, which headgate run --listen asks for beyond this machine. It is shown this once, and
            only its digest is kept; the one before is not good any more. A browser asks for it as a password, the name may
            be anything; programs send it as "Authorization: Bearer TOKEN".

              --drop  takes it away: nobody comes in then
            """,
        flags: ["--drop"]
    ) { invocation in
        let home = try Home.open(invocation.place.home)
        if invocation.arguments.has("--drop") {
            WriteFile.remove(file: home.webToken)
            invocation.say("There is no access token any more.")
            return .done
        }
        let token = AccessToken()
        try WriteFile.replacing(home.webToken, with: token.record)
        invocation.output.line(token.text)
        invocation.say("It is shown this once; the one before is not good any more.")
        return .done
    }

    static let configSet = Command(
        name: "config set",
        synopsis: "KEY VALUE | KEY --unset",
        summary: "changes a setting",
        help:
            "Changes one setting of config.json, or takes it away. The host takes it up at its next start.\n\n"
            + SettingKey.all.map { "  \($0.name): \($0.purpose)" }.joined(separator: "\n"),
        flags: ["--unset"],
        words: 1...2
    ) { invocation in
        let words = invocation.arguments.words
        guard (words.count == 2) != invocation.arguments.has("--unset") else {
            throw words.count == 2 ? Misuse.tooManyWords(words[1]) : Misuse.missingWord("VALUE")
        }
        let home = try Home.open(invocation.place.home)
        let changed = try Desk.settings(invocation.place).setting(
            words[0],
            to: words.count == 2 ? words[1] : nil
        )
        try WriteFile.replacing(home.config, with: Value.object(changed.object).text(pretty: true) + "\n")
        invocation.say(words.count == 2 ? "\(words[0]) is \(words[1])." : "\(words[0]) is no longer set.")
        return .done
    }
}
