// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Crypto
import Host
import JSON
import Store

extension Guide {
    /// For how long a certificate that is made here is good.
    private static let validity = Duration.days(730)

    /// Takes up what the vault holds for this walk.
    mutating func openStaged() async throws {
        if offered != nil, walk.staged == nil {
            walk.staged = .init(kind: offered?.kind.rawValue ?? "", isMade: false)
        }
        guard offered == nil, let staged = walk.staged, !["kept", Self.issued].contains(staged.kind) else {
            return
        }
        guard let secret = try await bench.vault.secret(record.vaultEntry, .current) else {
            // It was handed over by reference, or the vault lost it: it is asked for again.
            walk.staged = nil
            return
        }
        if staged.kind == "certificate" {
            let pair = try secret.reveal { try CertifiedKey(pem: Array($0.utf8)) }
            certificate = pair.certificate
            offered = OfferedCredential(made: pair)
        } else {
            let end = walk.saved["secretExpires"]?.stringValue.flatMap { Timestamp(iso8601: $0) }
            offered = OfferedCredential(secret: secret, until: end)
        }
    }

    /// How a walk says that its credential is a secret which is still to be made.
    private static let issued = FlowStep.Offer.issued.rawValue

    /// Takes the credential: makes it, has it typed, or reads it from a file.
    mutating func takeCredential(_ step: FlowStep) async throws -> Outcome {
        if walk.staged?.kind == Self.issued, !step.offers.contains(.issued) {
            // A secret that was to be made with an app is none where the app comes another way.
            walk.staged = nil
            walk.answers["credential"] = nil
        }
        if !reopened.contains("credential") {
            if let staged = walk.staged { return .on(staged.kind) }
            if try await keepsKnown() { return .on("kept") }
        }
        let taken = Set(definitions.flatMap(\.auth.credentials).map(\.rawValue))
        let offers = step.offers.filter { offer in
            taken.contains(offer == .secret || offer == .issued ? "secret" : "certificate")
        }
        await tell(step)
        while true {
            let offer: FlowStep.Offer
            switch try await chooseOffer(offers, step) {
            case .offer(let chosen): offer = chosen
            case .outcome(let outcome): return outcome
            }
            let outcome =
                switch offer {
                case .certificate: try await makeCertificate()
                case .secret: try await typeSecret()
                case .file: try await readCertificate()
                case .issued: try await awaitIssued()
                }
            if case .on = outcome, reopened.remove("credential") != nil {
                // When the one before ends says nothing about this one.
                walk.answers["secretExpires"] = nil
                let ends = flow.steps.filter { $0.answer == "secretExpires" }.map(\.id)
                walk.done.removeAll { ends.contains($0) }
            }
            // Back from the credential itself is back to how it is given, where there was a choice.
            guard case .back = outcome, offers.count > 1, isConversation else { return outcome }
            reopened.insert("credential")
        }
    }

    private enum Chosen {
        case offer(FlowStep.Offer)
        case outcome(Outcome)
    }

    /// How the credential is given: as was said ahead, as the only way there is, or as the person chooses.
    private mutating func chooseOffer(_ offers: [FlowStep.Offer], _ step: FlowStep) async throws -> Chosen {
        if let given = walk.answers["credential"]?.stringValue, isGiven("credential") {
            guard let offer = offers.first(where: { $0.rawValue == given }) else {
                let names = offers.map(\.rawValue).joined(separator: ", ")
                throw WizardFailure.answer("credential", "\"\(given)\" is none of: \(names)")
            }
            return .offer(offer)
        }
        guard let first = offers.first else { return .outcome(.on(nil)) }
        guard offers.count > 1 else { return .offer(first) }
        let question = Question(
            name: "credential",
            words: words(step.question ?? step.title),
            kind: .one(offers.map(choice)),
            help: step.help.map(words),
            usual: first.rawValue
        )
        switch try await face.ask(question) {
        case .back: return .outcome(.back)
        case .text(let text):
            walk.answers["credential"] = .string(text)
            try await keep()
            return .offer(FlowStep.Offer(rawValue: text) ?? first)
        case .secret, .nothing: return .offer(first)
        }
    }

    /// Whether the app is known here already with a credential, which then is used.
    private mutating func keepsKnown() async throws -> Bool {
        guard flow.purpose == .setup, let client = walk.credentials["clientKey"]?.stringValue, !client.isEmpty
        else { return false }
        let tenant = tenant
        let known = try await bench.ledger.registrations().first {
            $0.clientKey == client && $0.cloud == cloud
                && ($0.tenant == tenant || $0.tenant.hasPrefix("shared:"))
        }
        guard let known, let current = known.current else { return false }
        let end = current.expiresAt.map { ", good until \($0.day)" } ?? ""
        await face.tell(.note("The app is known here already; its \(current.kind.rawValue) is used\(end)."))
        walk.staged = .init(kind: "kept", isMade: false)
        return true
    }

    private func choice(_ offer: FlowStep.Offer) -> Question.Choice {
        switch offer {
        case .certificate:
            Question.Choice(
                id: offer.rawValue,
                label: "a certificate, made here",
                help: "The safest: the key never leaves this machine. You upload its public part to the app."
            )
        case .secret:
            Question.Choice(
                id: offer.rawValue,
                label: fields.first { $0.kind == .secret }.map { "\($0.label), typed in now" } ?? "a secret",
                help: fields.first { $0.kind == .secret }?.help
            )
        case .file:
            Question.Choice(
                id: offer.rawValue,
                label: "a certificate that you have, with its key, in a file",
                help: "A PEM file with certificate and unencrypted key, or a .pfx file."
            )
        case .issued:
            Question.Choice(
                id: offer.rawValue,
                label: "a secret that is made together with the app",
                help: "It goes from the answer straight into the vault; nobody sees it."
            )
        }
    }

    private mutating func makeCertificate() async throws -> Outcome {
        let customer = walk.answers["customer"]?.stringValue ?? "customer"
        let pair: CertifiedKey
        do {
            pair = try CertifiedKey.make(
                commonName: String("Headgate \(customer)".prefix(64)),
                validFor: Self.validity,
                now: bench.time.now
            )
        }
        try await stage(OfferedCredential(made: pair), isMade: true)
        certificate = pair.certificate
        await face.tell(
            .good(
                "A key and certificate were made, good until \(pair.certificate.notAfter.day). The key stays in the "
                    + "vault; the certificate's thumbprint is \(pair.certificate.thumbprintSHA1Text)."
            )
        )
        return .on("certificate")
    }

    private mutating func typeSecret() async throws -> Outcome {
        let field = fields.first { $0.kind == .secret }
        let question = Question(
            name: "secret",
            words: field?.label ?? "Secret",
            kind: .secret,
            help: [field?.help, field?.where.map { "Found at: " + $0 }].compactMap(\.self),
            link: field?.link.flatMap { try? $0.text(in: names()) }
        )
        while true {
            switch try await face.ask(question) {
            case .back: return .back
            case .nothing, .text: try await refuse("the secret is empty", "secret")
            case .secret(let secret):
                let problems = secret.reveal { field?.problems(with: $0, among: entered) ?? [] }
                guard problems.isEmpty else {
                    try await refuse(problems.joined(separator: " "), "secret")
                    continue
                }
                try await stage(OfferedCredential(secret: secret), isMade: false)
                return .on("secret")
            }
        }
    }

    /// Leaves the credential to the change that makes it; one that was made before is made anew.
    private mutating func awaitIssued() async throws -> Outcome {
        offered = nil
        certificate = nil
        let makers = Set(flow.steps.flatMap(\.changes).filter { $0.saveSecret != nil }.map(\.id))
        walk.changes.removeAll { makers.contains($0.change) }
        for step in flow.steps where step.changes.contains(where: { makers.contains($0.id) }) {
            walk.saved[step.id] = nil
        }
        walk.staged = .init(kind: Self.issued, isMade: true)
        try await keep()
        try await bench.vault.remove(record.vaultEntry, .current)
        return .on(Self.issued)
    }

    private mutating func readCertificate() async throws -> Outcome {
        let question = Question(name: "certificate", words: "The certificate's file", example: "headgate.pfx")
        while true {
            guard case .text(let path) = try await face.ask(question) else { return .back }
            do {
                let bytes = try bench.read(path)
                do {
                    try await stage(OfferedCredential(certificate: bytes, passphrase: nil), isMade: false)
                } catch let failure as CryptoFailure where failure.description.contains("passphrase") {
                    let asked = Question(name: "passphrase", words: "The file's passphrase", kind: .secret)
                    guard case .secret(let passphrase) = try await face.ask(asked) else { return .back }
                    try await stage(
                        OfferedCredential(certificate: bytes, passphrase: passphrase),
                        isMade: false
                    )
                }
                certificate = nil
                return .on("file")
            } catch let failure as CryptoFailure {
                try await refuse("\(failure)", "certificate")
            } catch let failure as UnreadableFile {
                try await refuse(failure.description, "certificate")
            }
        }
    }

    /// Holds a credential for this walk: in the vault under the walk's own name, until it is kept or given up.
    mutating func stage(_ credential: OfferedCredential, isMade: Bool) async throws {
        if let secret = credential.kept {
            isKept = true
            // The walk is written first: a secret in the vault that no walk names would be swept away.
            walk.staged = .init(kind: credential.kind.rawValue, isMade: isMade)
            try await keep()
            try await bench.vault.put(secret, record.vaultEntry, .current)
        } else {
            walk.staged = .init(kind: credential.kind.rawValue, isMade: isMade)
        }
        offered = credential
    }
}
