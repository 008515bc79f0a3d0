// SPDX-License-Identifier: Apache-2.0
import Connectors
import TestSupport
import Testing

@Suite("The form of office365-management")
struct CredentialFieldTests {
    private let definition: Definition
    private let guid = "b86ab9d4-0000-4b11-8a06-7a8f91b47fbd"

    init() throws {
        definition = try Shelf(shipped: Repository.connectors).definition("office365-management")
    }

    private func field(_ name: String) throws -> CredentialField { try #require(definition.credential(name)) }

    @Test func `uses the labels people know`() {
        let labels = definition.credentials.filter { !$0.isAdvanced }.map(\.label)
        #expect(
            labels == [
                "Tenant Id", "Tenant Domain", "Client Key", "Secret Key", "Certificate", "Publisher Id",
            ]
        )
    }

    @Test func `refuses a secret that is the Secret ID, and says why`() throws {
        let problems = try field("secret").problems(with: guid)
        #expect(problems.count == 1)
        #expect(problems.first?.contains("Secret ID") == true)
        #expect(problems.first?.contains(guid) == false)
    }

    @Test(arguments: [
        ("abc~DEF\n", "ends with a line feed"), ("abc~DEF\r", "ends with a carriage return"),
        (" abc~DEF", "starts with a space"),
        ("abc~DEF\u{200B}", "ends with a zero-width space (U+200B)"),
        ("\u{FEFF}abc~DEF", "starts with a byte order mark (U+FEFF)"),
        ("abc~DEF\u{A0}", "ends with a no-break space (U+00A0)"),
        ("abc~DEF\u{2060}", "the invisible character word joiner (U+2060)"),
    ])
    func `names an invisible character at an end of a secret`(_ value: String, _ words: String) throws {
        let problems = try field("secret").problems(with: value)
        #expect(problems.contains { $0.contains(words) }, "\(problems)")
        #expect(!problems.contains { $0.contains("abc~DEF") })
    }

    @Test func `accepts a secret as the portal makes them`() throws {
        #expect(try field("secret").problems(with: "Ab8Q~k.Jf_3-xYz~0123456789abcdefghijklmn") == [])
    }

    @Test func `cleans and lowers ids, and refuses what is none`() throws {
        let tenant = try field("tenantId")
        #expect(tenant.problems(with: " \(guid.uppercased())\u{200B}\n") == [])
        #expect(tenant.normalised(" \(guid.uppercased())\u{200B}\n") == guid)
        #expect(tenant.problems(with: "b86ab9d4-0000-4b11-8a06-7a8f91b47fb").count == 1)
        #expect(tenant.problems(with: "contoso.onmicrosoft.com").first?.contains("Tenant Domain") == true)
        #expect(tenant.problems(with: "") == ["Tenant Id is empty."])
        #expect(tenant.requiredUnless == "tenantDomain")
    }

    @Test func `refuses a Client Key that is the Tenant Id`() throws {
        let problems = try field("clientKey").problems(with: guid, among: ["tenantId": guid])
        #expect(problems.first?.contains("same as Tenant Id") == true)
    }

    @Test(arguments: ["None", "none", "", "  ", "b86ab9d4-0000-4b11-8a06-7a8f91b47fbd"])
    func `takes a Publisher Id of none or of the customer as not given`(_ value: String) throws {
        #expect(try field("publisherId").isAbsent(value, among: ["tenantId": guid]))
        #expect(
            try !field("publisherId").isAbsent(
                "46b472a7-c68e-4adf-8ade-3db49497518e",
                among: ["tenantId": guid]
            )
        )
    }
}

@Suite("Base addresses")
struct BaseURLTests {
    @Test(arguments: [
        "https://manage.office.example", "https://x.example/path/", "http://127.0.0.1:9100/login",
        "http://127.9.9.9", "http://[::1]:80/a",
        "https://localhost:8443",
    ])
    func `are taken where a token may go`(_ text: String) {
        #expect(BaseURL(text) != nil)
        #expect(BaseURL(text)?.text.hasSuffix("/") == false)
    }

    @Test(arguments: [
        "http://manage.office.example", "http://localhost:9100", "http://127.0.0.1.evil.example",
        "http://0.0.0.0", "ftp://x.example",
        "https://", "https://user@x.example", "https://x.example?y", "https://x.example#y",
        "https://x.example:0", "https://x.example:a",
        "http://[::2]", "//x.example", "https://x example", "http://2130706433",
    ])
    func `are refused elsewhere`(_ text: String) {
        #expect(BaseURL(text) == nil)
    }
}
