// SPDX-License-Identifier: Apache-2.0
import Basics
import JSON

extension Definition {
    /// Notes what the probe lacks to be a proof.
    func checkProbe(_ note: Note, _ top: Pointer) {
        let at = top.appending("probe")
        for kind in [ProbeStep.Kind.offline, .firstPage] where !probe.contains(where: { $0.kind == kind }) {
            note(
                .missingKey,
                at,
                "The probe has no step of the kind \(kind.rawValue).",
                "A test that reads nothing proves nothing: add one."
            )
        }
        if auth.kind == .clientCredentials, !probe.contains(where: { $0.kind == .token }) {
            note(.missingKey, at, "The probe never asks for a token.", "Add a step of the kind token.")
        }
        if !permissions.isEmpty, auth.claims != nil, !probe.contains(where: { $0.kind == .roles }) {
            note(
                .missingKey,
                at,
                "The probe never looks for the permissions.",
                "Add a step of the kind roles."
            )
        }
    }

    /// Notes credentials that the kinds of credential do not fit.
    func checkCredentials(_ note: Note, _ top: Pointer) {
        let at = top.appending("credentials")
        let fields: [(Auth.Credential, CredentialField.Kind)] = [
            (.secret, .secret), (.certificate, .certificate), (.federated, .federated),
        ]
        for (credential, kind) in fields {
            let wanted = auth.credentials.contains(credential)
            let count = credentials.filter { $0.kind == kind }.count
            if wanted, count == 0 {
                note(
                    .missingKey,
                    at,
                    "auth takes a \(credential.rawValue), and no field is of the type \(kind.rawValue).",
                    "Add the field."
                )
            }
            if !wanted, count > 0, !auth.credentials.isEmpty {
                note(
                    .conflict,
                    at,
                    "A field is of the type \(kind.rawValue), which auth does not take.",
                    "Leave it out, or add it to auth."
                )
            }
            if count > 1 {
                note(.conflict, at, "Two fields are of the type \(kind.rawValue).", "One is enough.")
            }
        }
        if auth.kind != .clientCredentials, auth.credentials.contains(where: { $0 != .secret }) {
            note(
                .conflict,
                top.appending("auth").appending("credential"),
                "Only a secret can be sent as \(auth.kind == .header ? "a header" : "a password").",
                "Write [\"secret\"]."
            )
        }
        if identity.contains("cloud"), !usesCloud {
            note(
                .conflict,
                top.appending("identity"),
                "\"cloud\" tells nothing apart: no service of this definition comes from one.",
                "Leave it out."
            )
        }
    }

    /// Notes where the claimed tier is not reached.
    func checkTier(_ note: Note, _ top: Pointer) {
        let at = top.appending("tier")
        for lack in lacks(for: tier) {
            note(.tier, at, "The tier \(tier.rawValue) is claimed, but \(lack.what).", lack.fix)
        }
    }
}
