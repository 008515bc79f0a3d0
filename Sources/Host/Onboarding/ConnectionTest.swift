// SPDX-License-Identifier: Apache-2.0
import Basics
package import Connectors
import JSON
package import Probing
package import Source
import Status
package import Store

extension ProbeSubject {
    /// A connection that is about to be added.
    package init(_ prepared: Prepared) {
        let form = prepared.form
        self.init(
            key: prepared.answers.key,
            streams: form.definition.streams.filter { form.streams.contains($0.id) },
            entered: form.values,
            expiry: prepared.registration.current.map(ProbeSubject.Expiry.init),
            credential: prepared.credential,
            session: prepared.session
        )
    }

    /// A connection of the ledger.
    package init(
        _ connection: Connection,
        _ definition: Definition,
        registration: Registration?,
        session: Session
    ) {
        let chosen = connection.streams.filter { $0.hold?.kind != .excluded }.map(\.stream)
        self.init(
            key: connection.key,
            streams: definition.streams.filter { chosen.contains($0.id) },
            entered: connection.entered,
            expiry: registration?.current.map(ProbeSubject.Expiry.init),
            session: session
        )
    }
}

extension ProbeSubject.Expiry {
    fileprivate init(_ credential: Store.Credential) {
        self.init(
            kind: credential.kind.rawValue,
            at: credential.expiresAt,
            isDeclared: credential.expirySource == .declared
        )
    }
}

extension Trial {
    /// What a connection test means for accepting the connection.
    package init(_ report: ProbeReport) {
        self.init(
            connection: report.connectionCause,
            streams: report.streamCauses,
            plans: report.plans,
            unlicensed: report.unlicensed,
            credentialEnd: report.credentialEnd
        )
    }
}
