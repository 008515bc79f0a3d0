// SPDX-License-Identifier: Apache-2.0
package import Status
package import Basics
package import Connectors
package import Host
import JSON
package import Source
package import Store

/// Everything that leading a person through a flow works with.
package struct Workbench: Sendable {
    package let home: Home
    package let ledger: any Ledger
    package let vault: Vault
    package let shelf: Shelf
    package let maker: SessionMaker
    package let settings: Settings
    package let time: any TimeSource
    /// The texts that lie beside a flow, by flow and name.
    package let texts: @Sendable (_ flow: String, _ name: String) throws -> String
    /// Who sits here, as the system knows them.
    package let person: String
    /// The command that leads through a flow in this home, as a person would type it.
    package let command: String
    /// Where files for other people are written.
    package let folder: String
    /// Reads a file that a person names.
    package let read: @Sendable (_ path: String) throws -> [UInt8]
    /// Writes a file for a person and gives its whole path.
    package let write: @Sendable (_ path: String, _ bytes: [UInt8]) throws -> String
    /// Collects connections for the first time.
    package let collect: @Sendable (_ connections: Set<ConnectionKey>) async throws -> FirstCycle

    /// Puts it together from its parts.
    package init(
        home: Home,
        ledger: any Ledger,
        vault: Vault,
        shelf: Shelf,
        maker: SessionMaker,
        settings: Settings,
        time: any TimeSource,
        texts: @escaping @Sendable (_ flow: String, _ name: String) throws -> String,
        person: String,
        command: String,
        folder: String,
        read: @escaping @Sendable (_ path: String) throws -> [UInt8],
        write: @escaping @Sendable (_ path: String, _ bytes: [UInt8]) throws -> String,
        collect: @escaping @Sendable (_ connections: Set<ConnectionKey>) async throws -> FirstCycle
    ) {
        self.home = home
        self.ledger = ledger
        self.vault = vault
        self.shelf = shelf
        self.maker = maker
        self.settings = settings
        self.time = time
        self.texts = texts
        self.person = person
        self.command = command
        self.folder = folder
        self.read = read
        self.write = write
        self.collect = collect
    }

    var onboarding: Onboarding {
        Onboarding(
            ledger: ledger,
            vault: vault,
            shelf: shelf,
            maker: maker,
            fallbacks: settings.fallbacks,
            time: time
        )
    }
}

/// A file that a person named and that cannot be read.
package struct UnreadableFile: Error, Sendable, CustomStringConvertible {
    package let description: String

    /// Says in a sentence why not.
    package init(_ sentence: String) { description = sentence }
}
