// SPDX-License-Identifier: Apache-2.0

/// A connector's folder to begin with: a made-up service, told so that it lints, with tests that pass.
package struct NewConnector: Sendable, Equatable {
    /// How its stream remembers how far it has come.
    package enum Kind: String, Sendable, CaseIterable {
        /// By spans of time.
        case window
    }

    /// How it proves who it is.
    package enum SignIn: String, Sendable, CaseIterable {
        /// By tokens, with the client credentials grant of OAuth 2.0.
        case oauth2
        /// By a key in a header.
        case header
    }

    /// Its id, which is its folder's name.
    package let id: String
    /// How its stream remembers how far it has come.
    package let kind: Kind
    /// How it proves who it is.
    package let signIn: SignIn

    /// Begins a connector called `id`; `nil` where that is no id.
    package init?(id: String, kind: Kind, signIn: SignIn) {
        guard Identifier.isSmallName(id) else { return nil }
        self.id = id
        self.kind = kind
        self.signIn = signIn
    }

    /// Its files by path below the folder.
    package var files: [(path: String, text: String)] {
        [("connector.json", filled(Self.definition)), ("README.md", filled(Self.readme))]
            + tests.map { ("tests/\($0.name).json", filled($0.text)) }
    }

    /// `text` with everything put in that differs; marks may hold marks.
    func filled(_ text: String) -> String {
        var text = text
        for (mark, content) in parts + [("id", id)] {
            text = text.split(separator: "«\(mark)»", omittingEmptySubsequences: false).joined(
                separator: content
            )
        }
        return text.hasSuffix("\n") ? text : text + "\n"
    }

    private var parts: [(mark: String, content: String)] {
        let auth = signIn == .header ? Self.byHeader : Self.byToken
        return [("stream", Self.windows)] + auth
    }
}
