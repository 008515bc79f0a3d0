// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

/// The two scripts for an administrator.
///
/// Bash's is run against the simulated cloud elsewhere; no PowerShell runs here,
/// so that its script is held to asking for the same, word by word.
@Suite struct ScriptAgreementTests {
    private let bash = Self.text("register.sh")
    private let powerShell = Self.text("register.ps1")

    @Test func `both scripts ask at the same addresses`() {
        let ours = addresses(bash.replacing("\\$", with: "$").replacing("$1", with: "$appId"))
        let theirs = addresses(powerShell.replacing("`$", with: "$").replacing("$($app.appId)", with: "$app"))
        #expect(ours == theirs)
        #expect(ours.count == 7)
    }

    @Test func `both scripts send the same bodies`() throws {
        let quoted = bash.matches(of: /--body "((?:[^"\\]|\\.)+)"/).map { String($0.1) }
        let printed = bash.matches(of: /printf '(\{[^']+\})'/).map { String($0.1) }
        let ours = Set(
            (quoted + printed).filter { $0.hasPrefix("{") }
                .map { $0.replacing("\\\"", with: "\"").replacing(/%s|\$\w+/, with: "?") }
        )
        // Pieces joined over lines first, then what stands between two pieces becomes one place.
        let joined = powerShell.replacing(/' \+\n\s*'/, with: "")
            .replacing(/' \+ (?:\(\$\w+ -join ','\)|\$\w+) \+ '/, with: "?")
        let theirs = Set(joined.matches(of: /'(\{"[^']*\})'/).map { String($0.1) })
        // What each permission adds to the app's body is built of pieces that differ from shell to shell.
        #expect(ours == theirs.filter { !$0.hasPrefix(#"{"id""#) && !$0.hasPrefix(#"{"resourceAppId""#) })
        #expect(ours.count == 4)
    }

    @Test func `both scripts print the same lines to send back`() {
        for line in [
            "Made the app registration $name.", "Added this certificate to the app registration $name.",
            "Granted $title.", "Send these two back; neither is secret:",
        ] {
            #expect(bash.contains(line) && powerShell.contains(line), "\(line)")
        }
    }

    private func addresses(_ script: String) -> Set<String> {
        Set(script.matches(of: /"(\$graph\/[^"]*)"/).map { String($0.1) })
    }

    private static func text(_ name: String) -> String {
        String(
            decoding: TemporaryFolder.contents(of: Repository.root + "/wizard/microsoft-365/" + name) ?? [],
            as: UTF8.self
        )
    }
}
