// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Crypto
import HTTPClient
import Identity
import JSON
import Source

extension Prober {
    /// Looks at what was entered, without asking anybody.
    func checkForm(_ step: ProbeStep) -> CheckResult {
        if let trouble = subject.credentialTrouble { return credentialMissing(step, trouble) }
        var problems: [String] = []
        for field in definition.credentials where !field.isSecret {
            let value = subject.entered[field.name] ?? ""
            if value.isEmpty || field.isAbsent(value, among: subject.entered) {
                let isMissing =
                    field.isRequired && field.requiredUnless.map { subject.entered[$0] == nil } ?? true
                if isMissing { problems.append("\(field.label) is not given.") }
                continue
            }
            problems += field.problems(with: value, among: subject.entered)
        }
        problems += credentialProblems
        guard problems.isEmpty else {
            let words = problems.joined(separator: " ")
            return failed(step, .config, words, remedy: step.remedy, in: names(nil))
        }
        return made(step, .pass)
    }

    private func credentialMissing(_ step: ProbeStep, _ trouble: String) -> CheckResult {
        var result = failed(step, .config, trouble, remedy: nil, in: names(nil))
        result.remedy = Remedy(
            id: "host.credential-missing",
            title: "The credential cannot be had",
            cause: "It is not kept here any more, or the place that its reference names does not give it.",
            steps: [
                "If it is kept outside, see that its file, variable or command gives it to the user that Headgate "
                    + "runs as.",
                "Else hand it over again with headgate reauth \(subject.key) --secret-file FILE.",
            ],
            who: "whoever runs Headgate",
            where: nil,
            takes: "a minute",
            next: "headgate test \(subject.key)"
        )
        return result
    }

    /// What can be known of the credential without sending it.
    private var credentialProblems: [String] {
        let now = subject.session.shared.time.now
        switch subject.credential {
        case .secret(let secret)?:
            guard let field = definition.credentials.first(where: { $0.kind == .secret }) else { return [] }
            return secret.reveal { field.problems(with: $0, among: subject.entered) }
        case .certificate(let certificate, _)? where certificate.notAfter <= now:
            return ["The certificate ended on \(certificate.notAfter.day); make a new one."]
        case .certificate(let certificate, _)? where certificate.notBefore > now:
            return ["The certificate is not valid before \(certificate.notBefore.secondsText)Z."]
        case .certificate?, .federatedFile?, nil: return []
        }
    }

    /// The services that the connection cannot do without.
    private var neededServices: [ServiceUse] {
        let dispensable = definition.optionalServices
        return definition.services.filter { !dispensable.contains($0.name) }
    }

    /// Asks the bare base of every service that is needed, without a token: any answer shows that it can be reached.
    mutating func reach(_ step: ProbeStep) async throws -> CheckResult {
        var places: [String] = []
        var troubles: [String] = []
        var first: CheckResult?
        var last: Reply?
        for use in neededServices {
            guard let service = subject.session.services[use.name] else {
                let words = "the chosen cloud has no address for the service \"\(use.name)\""
                troubles.append(words)
                first = first ?? failed(step, .config, words, remedy: step.remedy, in: names(nil))
                continue
            }
            let place = Self.place(service.base)
            guard !places.contains(place) else { continue }
            places.append(place)
            let request = RequestTemplate(
                service: use.name,
                path: Template(literal: ""),
                isAuthorised: false
            )
            let reply = try await subject.session.ask(request, for: .probe)
            last = reply
            guard reply.response == nil || reply.status == 407 else { continue }
            troubles.append(Self.words(place, reply))
            first = first ?? refused(step, reply)
        }
        if var result = first {
            result.mark = .fail
            result.message = troubles.joined(separator: "; ")
            return result
        }
        if let warning = clockWarning(step) { return warning }
        let words = places.joined(separator: ", ")
        return last.map { made(step, .pass, words, $0) } ?? made(step, .pass, words)
    }

    private static func place(_ base: BaseURL) -> String {
        guard let parts = URLParts(base.text) else { return base.host }
        let usual = parts.scheme == "https" ? 443 : 80
        return parts.port == usual ? parts.host : "\(parts.host):\(parts.port)"
    }

    /// Each kind of trouble on the way in words of its own, with the detail behind them.
    private static func words(_ place: String, _ reply: Reply) -> String {
        let trouble =
            reply.status == 407 ? Trouble.proxy : reply.verdict?.code.flatMap(Trouble.init(rawValue:))
        let what =
            switch trouble {
            case .resolve?: "DNS: the name \(place) is not known here"
            case .connect?: "connection: nobody answers at \(place)"
            case .proxy?: "proxy: it does not let us through to \(place)"
            case .tls?: "TLS: the certificate of \(place) is not trusted here"
            case .timedOut?: "connection: no answer from \(place) in time"
            case .reset?, .truncated?: "connection: the way to \(place) breaks off"
            default: "\(place) cannot be reached"
            }
        return what + (reply.verdict.map { " (\($0.message))" } ?? "")
    }

    /// A warning where this machine's clock is further off than services put up with.
    private func clockWarning(_ step: ProbeStep) -> CheckResult? {
        let skews = neededServices.compactMap { use in
            subject.session.services[use.name].map { ($0.base.host, subject.session.skew(of: use.name)) }
        }
        guard let (host, ahead) = skews.max(by: { abs($0.1) < abs($1.1) }), abs(ahead) > .minutes(5) else {
            return nil
        }
        // The source tells whole seconds, so that more than minutes would be made up.
        let size = Duration.minutes(Int((abs(ahead).wholeSeconds + 30) / 60))
        let way = ahead > .zero ? "ahead of" : "behind"
        var result = made(
            step,
            .warn,
            "clock: this machine's clock is \(size.spoken) \(way) that of \(host)"
        )
        result.faultClass = .host
        result.remedy = Remedy(
            id: "host.clock",
            title: "Set this machine's clock",
            cause: "The clock of this machine and that of the service do not agree.",
            steps: ["Switch time synchronisation on, such as with timedatectl set-ntp true."],
            who: "whoever looks after this machine",
            where: nil,
            takes: "a minute",
            next: "headgate test \(subject.key)"
        )
        return result
    }

    /// Asks a public document which tenant is meant, and holds it against what was entered.
    mutating func discover(_ step: ProbeStep) async throws -> CheckResult {
        guard let request = step.request, request.method == .get else { return unasked(step) }
        let reply = try await ask(request)
        guard reply.isSuccess else { return refused(step, reply) }
        let names = names(nil, response: response(reply), service: request.service)
        if let trouble = trouble(step, step.refuse, in: names, reply) { return trouble }
        var learnt: [String: String] = [:]
        for provided in step.provides {
            let field = definition.credential(provided.field)
            let label = field?.label ?? provided.field
            let entered = subject.entered[provided.field].flatMap { $0.isEmpty ? nil : $0 }
            guard let told = (try? provided.value.text(in: names)).map({ field?.normalised($0) ?? $0 }),
                !told.isEmpty
            else {
                let words = "the answer does not say \(label)"
                guard entered == nil else { return made(step, .unknown, words, reply) }
                return failed(step, .config, words, remedy: step.remedy, in: names, reply)
            }
            guard let entered else {
                learnt[provided.field] = told
                continue
            }
            if field?.normalised(entered) ?? entered != told {
                let words = "\(label) is \(entered), but what was entered beside it belongs to \(told)."
                return failed(step, .config, words, remedy: step.remedy, in: names, reply)
            }
        }
        if !learnt.isEmpty {
            subject.entered.merge(learnt) { known, _ in known }
            if let reopen = subject.reopen, let session = try? reopen(learnt) { subject.session = session }
        }
        return made(step, .pass, nil, reply)
    }

    /// Makes the request and takes any success for a pass.
    mutating func simply(_ step: ProbeStep) async throws -> CheckResult {
        guard let request = step.request, request.method == .get else { return unasked(step) }
        let reply = try await ask(request)
        guard reply.isSuccess else { return refused(step, reply) }
        let names = names(nil, response: response(reply), service: request.service)
        return trouble(step, step.refuse, in: names, reply) ?? made(step, .pass, nil, reply)
    }

    /// Reads which plans the tenant holds, and compares them with what each stream needs.
    ///
    /// A plan list that cannot be read says nothing about the plans.
    mutating func checkLicenses(_ step: ProbeStep, _ streams: [StreamDefinition]) async throws
        -> [CheckResult]
    {
        guard let request = step.request, request.method == .get else { return [unasked(step)] }
        let reply = try await ask(request)
        guard reply.isSuccess else {
            return [made(step, .unknown, step.unknown ?? reply.verdict?.message, reply)]
        }
        let names = names(nil, response: response(reply), service: request.service)
        if let trouble = trouble(step, step.refuse, in: names, reply) { return [trouble] }
        guard let plans = step.plans?.held(in: names) else {
            let words = step.unknown ?? "the answer is not the list of plans that was promised"
            return [made(step, .unknown, words, reply)]
        }
        memory.plans = definition.known(plans)
        memory.unlicensed = [:]
        return streams.map { stream in
            guard let missing = definition.missingLicense(of: stream, with: plans) else {
                return made(step, .pass, stream: stream.id, nil, reply)
            }
            memory.unlicensed[stream.id] = missing.lacking
            return failed(
                step,
                stream: stream.id,
                .license,
                missing.lacking,
                remedy: step.remedy,
                in: self.names(stream.id, response: response(reply), service: request.service),
                reply
            )
        }
    }

    private func abs(_ duration: Duration) -> Duration { duration < .zero ? .zero - duration : duration }
}
