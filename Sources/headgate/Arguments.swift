// SPDX-License-Identifier: Apache-2.0

/// The words and options of one command line, split by what the command declares.
struct Arguments: Sendable {
    /// What stands on the line without a name, in order.
    private(set) var words: [String] = []
    private var values: [String: [String]] = [:]
    private var flags: Set<String> = []

    /// Splits `line`; everything after `--` is a word.
    ///
    /// `choices` are options that stand alone or take one of a few words; alone, their value is empty.
    init(
        splitting line: some Sequence<String>,
        options: Set<String>,
        flags known: Set<String>,
        choices: [String: Set<String>] = [:]
    ) throws(Misuse) {
        var rest = Array(line)[...]
        while let item = rest.popFirst() {
            if item == "--" {
                words += rest
                return
            }
            guard item.hasPrefix("-"), item != "-" else {
                words.append(item)
                continue
            }
            let (name, attached) = Self.parts(of: item)
            if options.contains(name) {
                guard let value = attached ?? rest.popFirst() else { throw .missingValue(name) }
                values[name, default: []].append(value)
            } else if let words = choices[name] {
                var value = attached ?? ""
                if attached == nil, let next = rest.first, words.contains(next) {
                    value = next
                    rest.removeFirst()
                }
                guard attached == nil || words.contains(value) else {
                    let wanted = words.sorted().joined(separator: ", ")
                    throw .badValue(option: name, value: value, wanted: "one of \(wanted)")
                }
                values[name, default: []].append(value)
            } else if known.contains(name) {
                guard attached == nil else { throw .unwantedValue(name) }
                flags.insert(name)
            } else {
                throw .unknownOption(name)
            }
        }
    }

    /// The one value of an option; giving it twice is a mistake rather than a choice.
    func value(_ name: String) throws(Misuse) -> String? {
        let given = values[name] ?? []
        guard given.count < 2 else { throw .givenTwice(name) }
        return given.first
    }

    /// Every value of an option that may be given more than once.
    func all(_ name: String) -> [String] { values[name] ?? [] }

    func has(_ flag: String) -> Bool { flags.contains(flag) }

    private static func parts(of item: String) -> (name: String, value: String?) {
        if item == "-h" { return ("--help", nil) }
        guard let equals = item.firstIndex(of: "=") else { return (item, nil) }
        return (String(item[..<equals]), String(item[item.index(after: equals)...]))
    }
}

/// A command line that means nothing.
enum Misuse: Error, Sendable, Equatable, CustomStringConvertible {
    case noCommand
    case unknownCommand(String, near: [String])
    case unknownOption(String)
    case missingValue(String)
    case unwantedValue(String)
    case givenTwice(String)
    case tooManyWords(String)
    case missingWord(String)
    case badValue(option: String, value: String, wanted: String)

    var description: String {
        switch self {
        case .noCommand: "no command given"
        case .unknownCommand(let name, let near):
            "there is no command `\(name)`"
                + (near.isEmpty ? "" : "; there is " + near.joined(separator: ", "))
        case .unknownOption(let name): "unknown option \(name)"
        case .missingValue(let name): "\(name) takes a value and none follows"
        case .unwantedValue(let name): "\(name) takes no value"
        case .givenTwice(let name): "\(name) is given more than once"
        case .tooManyWords(let word): "unexpected argument `\(word)`"
        case .missingWord(let what): "\(what) is missing"
        case .badValue(let option, let value, let wanted): "\(option) is `\(value)`, wanted is \(wanted)"
        }
    }
}
