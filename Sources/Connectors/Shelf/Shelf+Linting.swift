// SPDX-License-Identifier: Apache-2.0
import JSON

extension Shelf {
    /// A connector's folder, looked at whole: definition, tests and what belongs beside them.
    package struct Inspection: Sendable {
        /// The definition, when it can be read at all.
        package let definition: Definition?
        /// The tests that can be run, with their files' names.
        package let rehearsals: [(file: String, rehearsal: Rehearsal)]
        /// Everything that is wrong.
        package fileprivate(set) var findings: [Finding]
        /// The definition's bytes, and the files that it may take parts from.
        let source: (bytes: [UInt8], files: IncludedFiles)?

        /// What `note` finds beyond what reading found, told with the place where each part really stands.
        func further(_ id: String, _ note: (Sheet) -> Void) -> [Finding] {
            guard let source else { return [] }
            let file = id + "/connector.json"
            let sheet = Definition.reading(source.bytes, file: file, including: source.files).sheet
            let known = sheet.findings.count
            note(sheet)
            return Array(sheet.findings.dropFirst(known))
        }
    }

    /// Looks at the folder of one connector; `beside` are the definitions that it would run together with.
    ///
    /// `shipped` is the folder of those that came with Headgate, for a shipped one the folder around it unless said.
    package static func inspect(
        folder: String,
        isShipped: Bool = true,
        taken: Set<String> = [],
        beside: [Definition] = [],
        shipped: String? = nil
    ) -> Inspection {
        let id = folder.split(separator: "/").last.map(String.init) ?? folder
        let shipped = shipped ?? (isShipped ? String(folder.dropLast(id.count + 1)) : nil)
        let item = Item(folder: folder, id: id, isShipped: isShipped, taken: taken, shipped: shipped)
        var findings = item.findings
        for quota in item.definition?.quotas ?? [] {
            // Counts are shared by id alone, so that it can only have one number.
            let others = beside.filter { $0.id != id && $0.quota(quota.id).map { $0 != quota } ?? false }
            findings += others.prefix(1).map { quotaConflict(quota, in: id, with: $0.id) }
        }
        if !Folder.hasFile(folder + "/README.md") {
            findings.append(
                Finding(
                    aboutFile: id + "/README.md",
                    .file,
                    "There is no README.md.",
                    fix: "Say what it collects and what it needs."
                )
            )
        }
        let names = (Folder.names(in: folder + "/tests") ?? []).filter { $0.hasSuffix(".json") }
        if names.isEmpty {
            findings.append(
                Finding(
                    aboutFile: id + "/tests",
                    .tests,
                    "There are no tests.",
                    fix: "A definition without tests is not taken at any tier: add tests/<name>.json."
                )
            )
        }
        guard let definition = item.definition else {
            return Inspection(definition: nil, rehearsals: [], findings: findings, source: nil)
        }
        let files = IncludedFiles(own: folder, shipped: shipped)
        var tests = names.map { (file: id + "/tests/" + $0, path: folder + "/tests/" + $0) }
        // What is tested beside a part is tested for everybody who takes it in.
        for place in Set(definition.included.compactMap(files.tests)).sorted(by: { $0.shown < $1.shown })
        where place.path != folder + "/tests" {
            let names = (Folder.names(in: place.path) ?? []).filter { $0.hasSuffix(".json") }
            tests += names.map { (file: place.shown + "/" + $0, path: place.path + "/" + $0) }
        }
        var rehearsals: [(file: String, rehearsal: Rehearsal)] = []
        for (file, path) in tests {
            do {
                let read = Rehearsal.read(try Folder.read(path), file: file, of: definition)
                findings += read.findings
                if let rehearsal = read.rehearsal { rehearsals.append((file, rehearsal)) }
            } catch {
                findings.append(Finding(aboutFile: file, .file, "\(error)", fix: "Put the file right."))
            }
        }
        let bytes = try? Folder.read(folder + "/connector.json")
        var inspection = Inspection(
            definition: definition,
            rehearsals: rehearsals,
            findings: findings,
            source: bytes.map { ($0, files) }
        )
        if definition.tier != .bronze, !rehearsals.isEmpty {
            inspection.findings += inspection.further(id) {
                noteUntested(definition, rehearsals.map(\.rehearsal), $0)
            }
        }
        return inspection
    }

    /// Notes rules that no test's answer is taken for, which a tier above bronze does not allow.
    static func noteUntested(_ definition: Definition, _ tests: [Rehearsal], _ sheet: Sheet) {
        let tested = Set(tests.flatMap(\.answers).compactMap(\.rule))
        for (i, rule) in definition.errors.enumerated() where !tested.contains(rule.id) {
            sheet.note(
                .tests,
                Pointer(tokens: ["errors", String(i)]),
                "No test shows an answer that the rule \"\(rule.id)\" fits.",
                fix: "Add one to \"answers\" of a test of the kind classify."
            )
        }
    }
}

extension Finding {
    /// A finding about a file as a whole.
    package init(aboutFile file: String, _ rule: Rule, _ message: String, fix: String) {
        self.init(file: file, pointer: .root, line: 1, column: 1, rule: rule, message: message, fix: fix)
    }
}
