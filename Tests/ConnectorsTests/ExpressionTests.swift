// SPDX-License-Identifier: Apache-2.0
import Connectors
import JSON
import Testing

@Suite("Expressions")
struct ExpressionTests {
    static let names = Names([
        "window": ["start": "2026-11-21T06:30:00Z", "end": "2026-11-21T07:00:00.250Z"],
        "item": [
            "contentId": "2026$1", "n": 12, "flag": true, "nothing": nil, "@odata.nextLink": "https://x",
            "spaced": "  A b\u{200B} ",
            "Data": "{\"AlertDisplayName\":\"Phish\\u200b\",\"Ids\":[3,1,2]}",
            "list": [["k": "a", "v": 1], ["k": "B", "v": 2]],
            "issuer": "https://sts.example/B86AB9D4-0000-4b11-8a06-7a8f91b47fbd/v2.0",
        ],
        "stream": ["id": "b"], "@odata.count": 3, "a.b": ["c": 4],
    ])

    @Test(arguments: [
        ("{{ item.contentId }}", "2026$1"),
        ("/a/{{ item.contentId }}/b", "/a/2026$1/b"),
        ("{{ window.start | date('iso') }}", "2026-11-21T06:30:00"),
        ("{{ window.end | date('isoZ') }}", "2026-11-21T07:00:00Z"),
        ("{{ window.end | date('millis') }}", "2026-11-21T07:00:00.250Z"),
        ("{{ window.start | date('minute') }}", "2026-11-21T06:30"),
        ("{{ window.start | date('day') }}", "2026-11-21"),
        ("{{ window.start | date('epoch') }}", "1795242600"),
        ("{{ window.start | minus('PT1H') | date('iso') }}", "2026-11-21T05:30:00"),
        ("{{ window.start | plus('P1D') | date('day') }}", "2026-11-22"),
        ("{{ item[\"@odata.nextLink\"] }}", "https://x"),
        ("{{ [\"@odata.count\"] }}", "3"),
        ("{{ ['a.b'].c }}", "4"),
        ("{{ item.spaced | clean | lower }}", "a b"),
        ("{{ item.spaced | trim | count }}", "4"),
        ("{{ item.Data | json.AlertDisplayName | clean }}", "Phish"),
        ("{{ item.Data | json.Ids | max }}", "3"),
        ("{{ item.Data | json.Ids | first }}", "3"),
        ("{{ item.list[*].v | count }}", "2"),
        ("{{ item.list[*].k | join('+') }}", "a+B"),
        ("{{ item.list[-1].k }}", "B"),
        ("{{ item.list[k=a].v }}", "1"),
        ("{{ item.list[k~=(stream.id)].v }}", "2"),
        ("{{ item.missing | default('none') }}", "none"),
        ("{{ item.nothing | default(item.n) }}", "12"),
        ("{{ item.issuer | guid }}", "b86ab9d4-0000-4b11-8a06-7a8f91b47fbd"),
        ("{{ item.contentId | base64 }}", "MjAyNiQx"),
        ("{{ item.list | quote }}", #"[{"k":"a","v":1},{"k":"B","v":2}]"#),
        ("{{ 'it\\'s }}' }}", "it's }}"),
        ("no expression", "no expression"),
    ])
    func `give the text that is meant`(_ template: String, _ expected: String) throws {
        #expect(try Template(template).text(in: Self.names) == expected)
    }

    @Test func `keep their type where they stand alone`() throws {
        #expect(try Template("{{ item.n }}").value(in: Self.names) == 12)
        #expect(try Template("{{ item.flag }}").value(in: Self.names) == true)
        #expect(try Template("{{ item.list[*].v }}").value(in: Self.names) == [1, 2])
        #expect(try Template("n={{ item.n }}").value(in: Self.names) == "n=12")
    }

    @Test func `name what is missing`() throws {
        let template = try Template("{{ response.body.next }}")
        let failure = #expect(throws: TemplateFailure.self) { try template.text(in: Self.names) }
        #expect(failure?.description == "template: response.body.next is missing")
    }

    @Test func `leave a parameter out only where that is asked for`() throws {
        #expect(try Template("{{ publisherId | default(null) }}").optionalText(in: Self.names) == nil)
        #expect(try Template("{{ item.n }}").optionalText(in: Self.names) == "12")
        #expect(throws: TemplateFailure.self) {
            try Template("{{ publisherId }}").optionalText(in: Self.names)
        }
    }

    @Test func `encode what is put in and nothing else`() throws {
        let text = try Template("/a$b/{{ item.contentId }}").text(in: Self.names) { $0 + "!" }
        #expect(text == "/a$b/2026$1!")
    }

    @Test(arguments: [
        "{{", "}}", "{{ a", "{{ a | }}", "{{ a | nothing }}", "{{ a. }}", "{{ a[ }}", "{{ a[b] }}",
        "{{ 'a }}", "{{ a b }}", "{{ }}",
        "{{ a | date }}", "{{ a | date('x') }}", "{{ a | plus('5m') }}", "{{ a | lower('x') }}",
        "{{ a ; b }}", "{{ and }}", "{{ [] }}", "{{ [a] }}", "{{ ['a' }}", "{{ ['a'", "{{ [0] }}",
        "{{ [*] }}",
    ])
    func `are refused when they do not compile`(_ text: String) {
        #expect(throws: SyntaxProblem.self) { try Template(text) }
    }
}

@Suite("Predicates")
struct PredicateTests {
    static let event = Names([
        "RecordType": 40, "TextType": "40", "Name": "Email reported\u{200B} ",
        "Operation": "Set-AdminAuditLogConfig",
        "Parameters": [
            ["Name": "UnifiedAuditLogIngestionEnabled", "Value": "False"], ["Name": "x", "Value": "1"],
        ],
        "CreationTime": "2026-11-21T06:30:00", "Size": .number(Number(2.5) ?? Number(2)), "Yes": true,
        "Null": nil, "Tags": ["a", "b"],
    ])

    @Test(arguments: [
        ("RecordType == 40", true), ("TextType == 40", true), ("RecordType == '40'", true),
        ("RecordType != 40", false),
        ("RecordType in (8, 15, 40)", true), ("RecordType not in (8, 15)", true),
        ("RecordType in [8]", false),
        ("Name|clean == 'Email reported'", true), ("Name startsWith 'Email'", true),
        ("Operation endsWith 'Config'", true),
        ("Operation glob 'Set-*Audit*'", true), ("Operation glob 'set-*'", false),
        ("Operation contains 'Audit'", true),
        ("Parameters[Name=UnifiedAuditLogIngestionEnabled].Value == 'False'", true),
        ("Parameters[Name~=unifiedauditlogingestionenabled].Value | lower == 'false'", true),
        ("Parameters[*].Value == '1'", true), ("Parameters[*].Value != '1'", false),
        ("Parameters[*].Value == '2'", false),
        ("Size > 2 and Size <= 2.5", true), ("Size >= 3 or Size < 2", false),
        ("CreationTime >= '2026-11-01'", true),
        ("Missing exists", false), ("not Missing exists", true), ("Null exists", false),
        ("Missing == 1", false),
        ("Missing != 1", true), ("Missing > 1", false), ("Yes", true), ("not Yes", false),
        ("Yes == true", true),
        ("Tags contains 'b'", true), ("'a' in Tags", true), ("'c' in Tags", false),
        ("not (RecordType == 1 or RecordType == 2) and Yes", true),
        ("RecordType == 1 or RecordType == 40 and Yes", true),
        ("RecordType == TextType", true), ("Operation < 5", false),
    ])
    func `hold exactly where they say`(_ text: String, _ expected: Bool) throws {
        #expect(try Predicate(text).holds(in: Self.event) == expected)
    }

    @Test(arguments: [
        "", "==", "a ==", "a == == b", "(a == 1", "a == 1)", "a in", "a in (1, ", "a not 1", "a equals 1",
        "and", "a == 1 b == 2",
    ])
    func `are refused when they do not compile`(_ text: String) {
        #expect(throws: SyntaxProblem.self) { try Predicate(text) }
    }

    @Test func `say which names they read`() throws {
        let predicate = try Predicate("RecordType == 40 and Data|json.Name == Other.deep")
        #expect(Set(predicate.paths.map(\.name)) == ["RecordType", "Data", "Other"])
    }
}
