// SPDX-License-Identifier: Apache-2.0
import Connectors
import Identity
import JSON
import Source

extension Onboarding {
    /// Finds out from public documents what was not given, before any secret is looked at.
    ///
    /// Where nothing is missing the document is still asked for, since a domain that belongs to another tenant is the
    /// costliest slip; only its not being reachable is then left for the connection test to judge.
    func discover(_ form: inout FilledForm, _ answers: Answers) async throws {
        for step in form.definition.probe where step.kind == .discovery {
            guard let request = step.request else { continue }
            let told = step.provides.map(\.field)
            let missing = told.filter(form.discoverable.contains)
            guard !missing.isEmpty || told.contains(where: form.isTold) else { continue }
            let session = try maker.session(form.definition, for: subject(form, answers))
            let reply = try await session.ask(request, for: .probe)
            guard reply.isSuccess else {
                guard !missing.isEmpty else { continue }
                throw NotFoundOut(missing, form, reply)
            }
            let answer = Answer(
                of: form.definition.service(request.service),
                service: request.service,
                step: .probe,
                status: reply.status,
                body: reply.body
            )
            let names = session.bindings(request.service, answer.bindings)
            for provided in step.provides {
                guard let value = try? provided.value.text(in: names), !value.isEmpty else {
                    guard missing.contains(provided.field) else { continue }
                    throw NotFoundOut(missing, form, reply)
                }
                try form.provide(value, for: provided.field, by: form.teller(of: provided.field))
            }
        }
    }

    /// A session without a credential: what it asks is public.
    private func subject(_ form: FilledForm, _ answers: Answers) -> SessionMaker.Subject {
        SessionMaker.Subject(
            customer: answers.customer,
            connection: answers.name,
            cloud: form.cloud,
            tenant: form.tenant,
            credentials: form.kept.objectValue ?? [:],
            registration: "",
            credential: .federatedFile(""),
            credentialVersion: 0
        )
    }
}

extension FilledForm {
    /// The field from which `field` is found out.
    fileprivate func teller(of field: String) -> String {
        definition.credential(field)?.requiredUnless ?? field
    }

    /// Whether both `field` and the field that tells it were given.
    fileprivate func isTold(_ field: String) -> Bool {
        values[field] != nil && teller(of: field) != field && values[teller(of: field)] != nil
    }
}

/// A field that was not given could not be found out; nothing was kept.
package struct NotFoundOut: Error, Sendable, CustomStringConvertible {
    package let description: String

    init(_ missing: [String], _ form: FilledForm, _ reply: Reply) {
        let labels = missing.map { form.definition.credential($0)?.label ?? $0 }.joined(separator: ", ")
        let told = missing.compactMap { form.definition.credential($0)?.requiredUnless }
        let from = told.map { "\(form.definition.credential($0)?.label ?? $0) \(form.values[$0] ?? "")" }
        let words = reply.verdict?.message ?? "the answer does not say it"
        let reason = words.hasSuffix(".") ? String(words.dropLast()) : words
        let next = reply.remedy.map { " " + $0.steps.joined(separator: " ") } ?? ""
        description =
            "\(labels) could not be found out from \(from.joined(separator: ", ")): \(reason).\(next) "
            + "Nothing was kept; correct it, or give \(labels) itself."
    }
}
