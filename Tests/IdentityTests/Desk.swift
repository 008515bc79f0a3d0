// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Crypto
import HTTPClient
import Identity
import JSON
import TestSupport
import Testing

let tenant = "11111111-1111-1111-1111-111111111111"
let client = "22222222-2222-2222-2222-222222222222"
let noon = Timestamp(seconds: 1_750_000_000)

/// The shipped definition, its `auth` replaced where a test needs another.
func definition(auth: String? = nil) throws -> Definition {
    let path = Repository.connectors + "/office365-management/connector.json"
    var bytes = try #require(TemporaryFolder.contents(of: path))
    if let auth {
        var object = try #require(try Value(parsing: bytes).objectValue)
        let auth = try Value(parsing: Array(auth.utf8))
        object["auth"] = auth
        object["tier"] = "bronze"
        // A definition may only ask for what it takes.
        let taken = auth["credential"]?.arrayValue?.compactMap(\.stringValue) ?? []
        let untaken = Set(["secret", "certificate", "federated"]).subtracting(taken)
        let fields = object["credentials"]?.arrayValue ?? []
        object["credentials"] = .array(fields.filter { !untaken.contains($0["type"]?.stringValue ?? "") })
        bytes = Value.object(object).bytes()
    }
    let shipped = Repository.connectors
    let parts = IncludedFiles(own: shipped + "/office365-management", shipped: shipped)
    let read = Definition.read(bytes, including: parts)
    return try #require(read.definition, "\(read.findings.map(\.message))")
}

/// A demand of the shipped definition's kind.
func demand(
    _ definition: Definition,
    tenant: String = tenant,
    audiences: [String] = ["https://api.example"],
    credential: Credential = .secret(Secret("s3cr+t/=&value")),
    version: Int = 1
) -> TokenDemand {
    TokenDemand(
        auth: definition.auth,
        service: definition.service("login"),
        base: BaseURL("https://login.example/base"),
        tenant: tenant,
        client: client,
        audiences: audiences,
        credential: credential,
        credentialVersion: version,
        names: Names([
            "credentials": .object(Object([("tenantId", .string(tenant)), ("clientKey", .string(client))]))
        ])
    )
}

/// An answer with a token in it.
func granted(_ token: String, expiresIn: String = "3599") -> Response {
    let text = #"{"token_type":"Bearer","expires_in":\#(expiresIn),"access_token":"\#(token)"}"#
    return Response(status: 200, body: Array(text.utf8))
}

/// A refusal as token endpoints write it.
func refused(_ status: Int, code: Int) -> Response {
    let text =
        #"{"error":"invalid_client","error_codes":[\#(code)],"error_description":"AADSTS\#(code): no"}"#
    return Response(status: status, body: Array(text.utf8))
}

/// A token whose payload says `claims`.
func jwt(_ claims: Value) -> String {
    let part = { (value: Value) in Base64.encodeURL(value.bytes()) }
    return part(["alg": "none"]) + "." + part(claims) + ".c2ln"
}

/// The fields of a form.
func form(_ request: HTTPClient.Request) -> [String: String] {
    let text = String(decoding: request.body, as: UTF8.self)
    let pairs = text.split(separator: "&").map { pair in
        let halves = pair.split(separator: "=", maxSplits: 1).map { half in
            var bytes: [UInt8] = []
            var rest = Array(half.utf8)[...]
            while let byte = rest.popFirst() {
                guard byte == UInt8(ascii: "%") else {
                    bytes.append(byte)
                    continue
                }
                bytes.append(UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) ?? 0)
                rest = rest.dropFirst(2)
            }
            return String(decoding: bytes, as: UTF8.self)
        }
        return (halves[0], halves.count > 1 ? halves[1] : "")
    }
    return Dictionary(pairs) { first, _ in first }
}
