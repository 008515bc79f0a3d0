// SPDX-License-Identifier: Apache-2.0
import Connectors
import JSON
import Testing

/// What is decided on bytes must come out as it does on decoded values.
@Suite("Conditions on scanned events")
struct EventTestTests {
    private static let events = [
        #"{"RecordType":40,"Name":"Email reported","Data":"{\"op\":\"x\"}","Flag":true}"#,
        #"{"RecordType":"40","Name":"Email reported\u200b","Data":null}"#,
        #"{"RecordType":40.0,"Name":"Email \u0072eported","Flag":"true"}"#,
        #"{"RecordType":4e1,"Name":"a\\b","Data":"no json"}"#,
        #"{"RecordType":64,"Name":["Email reported"],"Data":{"op":"x"}}"#,
        #"{"RecordType":-40,"Name":"e\u0301","Flag":null}"#,
        #"{"RecordType":null,"Name":"é"}"#,
        #"{"RecordType":[40],"Name":"","Flag":false}"#,
        #"{"RecordType":1,"RecordType":40,"Name":"Email reported"}"#,
        "{}",
    ]

    @Test(arguments: [
        "RecordType == 40", "RecordType == '40'", "RecordType != 40", "RecordType in (40, 64)",
        "RecordType not in (40, 64)", "Name == 'Email reported'", "Name | clean == 'Email reported'",
        "Name != 'Email reported'", "not Name == 'Email reported'", "Name == ''", "Name == 'é'",
        "RecordType == 40 and Name == 'Email reported'", "RecordType == 64 or Name == 'Email reported'",
        "Data | json.op == 'x'", "RecordType == 40 and Data | json.op == 'x'", "Flag == true",
        "Flag == 'true'",
        "RecordType > 39 and not Name exists", "Name contains 'mail'", "RecordType == 40.0",
        "RecordType == -40",
        "Name == 'a\\\\b'", "Name in ('x', Flag)",
    ])
    func `comparing bytes and comparing values agree`(_ condition: String) throws {
        let predicate = try Predicate(condition)
        let columns = EventColumns([predicate])
        let test = EventTest(predicate, columns)
        for text in Self.events {
            let body = Array("[\(text)]".utf8)
            let other: FieldPath = ["Other"]
            let split = try Scanner.split(body, picking: [other] + columns.fields)
            let event = ScannedEvent(body, split, 0, columns, after: 1)
            #expect(test.holds(for: event) == predicate.holds(in: event), "\(condition) over \(text)")
        }
    }

    @Test func `a condition says which members it reads, each once`() throws {
        let columns = EventColumns(
            [try Predicate("RecordType == 40 and Parameters[Name=x].Value == 'y' or RecordType == 64")]
        )
        #expect(columns.names == ["RecordType", "Parameters"])
    }

    @Test func `the first element whose key fits decides`() throws {
        let predicate = try Predicate("Parameters[Name=Enabled].Value | lower == 'false'")
        let columns = EventColumns([predicate])
        let test = EventTest(predicate, columns)
        func holds(_ text: String) throws -> Bool {
            let body = Array("[\(text)]".utf8)
            let split = try Scanner.split(body, picking: columns.fields)
            return test.holds(for: ScannedEvent(body, split, 0, columns))
        }
        let identity = #"{"Name":"Identity","Value":"x"}"#
        #expect(try holds(#"{"Parameters":[\#(identity),{"Name":"Enabled","Value":"False"}]}"#))
        #expect(try !holds(#"{"Parameters":[\#(identity),{"Name":"Enabled","Value":"True"}]}"#))
        #expect(try !holds(#"{"Parameters":[\#(identity)]}"#))
        #expect(try !holds(#"{"Parameters":"Enabled"}"#))
    }
}
