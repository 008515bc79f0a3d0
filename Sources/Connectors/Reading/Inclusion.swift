// SPDX-License-Identifier: Apache-2.0
import JSON

/// Puts into a definition what it takes from files beside it, and remembers where each part really stands.
///
/// `{"$include": "common/idp.json#/errors"}` names a file and a place in it. Among the elements of a list it stands for
/// all elements there, in an object for the members that the object lacks. What is taken in takes in nothing itself.
struct Inclusion {
    /// The member that asks for it.
    static let key = "$include"
    /// The parts of a definition that may be shared.
    static let parts = [
        "auth", "credentials", "errors", "permissions", "prerequisites", "probe", "quotas", "remedies",
        "services",
    ]

    private let files: IncludedFiles
    private let sheet: Sheet
    private var documents: [String: Document] = [:]
    /// The files taken from, in the order they were first named.
    private(set) var included: [String] = []

    init(_ files: IncludedFiles, _ sheet: Sheet) {
        self.files = files
        self.sheet = sheet
    }

    /// `root` with everything in its place.
    mutating func whole(_ root: Value) -> Value {
        guard var object = root.objectValue else { return root }
        for part in Self.parts {
            guard let value = object[part] else { continue }
            let at = Pointer(tokens: [part])
            if let elements = value.arrayValue {
                object[part] = list(elements, at)
            } else if let members = value.objectValue, let name = members[Self.key] {
                object[part] = filled(members, with: name, at)
            }
        }
        return .object(object)
    }

    private mutating func list(_ elements: [Value], _ at: Pointer) -> Value {
        guard elements.contains(where: { $0[Self.key] != nil }) else { return .array(elements) }
        var whole: [Value] = []
        for (i, element) in elements.enumerated() {
            let own = at.appending(i)
            guard let name = element[Self.key] else {
                sheet.moved(at.appending(whole.count), to: own)
                whole.append(element)
                continue
            }
            if element.objectValue?.count != 1 {
                sheet.noteHere(
                    .conflict,
                    own,
                    "\"\(Self.key)\" shares its object with other members.",
                    fix: "In a list it stands alone: put the others into an element of their own."
                )
            }
            for taken in find(name, own, as: "list", where: { $0.arrayValue != nil }) {
                for (j, element) in (taken.value.arrayValue ?? []).enumerated() {
                    let place = taken.place.appending(j)
                    sheet.moved(at.appending(whole.count), to: place, of: taken.file, taken.document)
                    whole.append(element)
                }
            }
        }
        return .array(whole)
    }

    private mutating func filled(_ own: Object, with name: Value, _ at: Pointer) -> Value {
        var whole = Object(own.members.filter { $0.key != Self.key }.map { ($0.key, $0.value) })
        for taken in find(name, at, as: "object", where: { $0.objectValue != nil }) {
            for member in taken.value.objectValue ?? [:] where whole[member.key] == nil {
                let place = taken.place.appending(member.key)
                sheet.moved(at.appending(member.key), to: place, of: taken.file, taken.document)
                whole[member.key] = member.value
            }
        }
        return .object(whole)
    }

    /// Something taken in, and where it stands.
    private struct Taken {
        let file: String
        let document: Document
        let place: Pointer
        let value: Value
    }

    /// What `name`, one or several of them, leads to; what leads nowhere is noted.
    private mutating func find(
        _ name: Value,
        _ at: Pointer,
        as kind: String,
        where fits: (Value) -> Bool
    ) -> [Taken] {
        let at = at.appending(Self.key)
        guard let names = name.arrayValue else { return [find(name, at, kind, fits)].compactMap { $0 } }
        return names.indices.compactMap { find(names[$0], at.appending($0), kind, fits) }
    }

    private mutating func find(
        _ name: Value,
        _ at: Pointer,
        _ kind: String,
        _ fits: (Value) -> Bool
    ) -> Taken? {
        let halves = name.stringValue?.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        guard let text = name.stringValue, let halves, halves.count == 2,
            let place = Pointer(String(halves[1]))
        else {
            sheet.noteHere(
                .value,
                at,
                "The included part is not said as a file and a place in it.",
                fix: "Write a file and a JSON Pointer, such as \"common/idp.json#/errors\"."
            )
            return nil
        }
        let path = String(halves[0])
        let document: Document
        do throws(IncludedFiles.Refusal) {
            document = try self.document(path)
        } catch {
            sheet.noteHere(
                .file,
                at,
                "\"\(path)\" is not taken in: \(error.why).",
                fix: IncludedFiles.advice
            )
            return nil
        }
        guard let value = document.root[place] else {
            sheet.noteHere(
                .reference,
                at,
                "\"\(text)\" leads to nothing: the file has no such place.",
                fix: "Correct the pointer behind the number sign."
            )
            return nil
        }
        guard fits(value) else {
            sheet.noteHere(
                .type,
                at,
                "\"\(text)\" is of the type \(value.kind).",
                fix: "Only a part of the same kind can be put in here: name the place of a \(kind)."
            )
            return nil
        }
        return Taken(file: files.shownName(path), document: document, place: place, value: value)
    }

    private mutating func document(_ path: String) throws(IncludedFiles.Refusal) -> Document {
        if let known = documents[path] { return known }
        let bytes = try files.read(path)
        let document: Document
        do { document = try Document(parsing: bytes) } catch {
            throw IncludedFiles.Refusal(
                why: "it is no JSON, line \(error.position.line): \(error.description)"
            )
        }
        documents[path] = document
        included.append(path)
        return document
    }
}
