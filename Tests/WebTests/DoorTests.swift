// SPDX-License-Identifier: Apache-2.0
import Crypto
import HTTPServer
import Testing
import Web

/// Who may read what is served.
@Suite struct DoorTests {
    private static let token = "right-token"

    private func status(
        _ headers: [(name: String, value: String)],
        method: String = "GET",
        path: String = "/",
        names: [String] = [],
        closed: Bool = false
    ) -> Int? {
        let digest = Digest.sha256(Array(Self.token.utf8))
        let asked: (@Sendable () -> [UInt8]?)? = closed ? { @Sendable in digest } : nil
        let door = Door(names: names, digest: asked)
        return door.refusal(of: Request(method: method, path: path, headers: headers))?.status
    }

    @Test(arguments: [
        ("127.0.0.1:8080", true), ("127.0.0.1", true), ("[::1]:8080", true), ("localhost:1", true),
        ("LOCALHOST", true), ("10.1.2.3:8080", true), ("soc.example", true), ("SOC.example:443", true),
        ("evil.example", false), ("127.0.0.1.evil.example", false), ("", false), ("a b", false),
        ("256.0.0.1", false), ("[evil.example]", false), ("localhost:port", false), ("user@localhost", false),
    ])
    func `only numbers, localhost and names that were given are answered`(_ host: String, _ isKnown: Bool) {
        #expect(status([("Host", host)], names: ["soc.example"]) == (isKnown ? nil : 421))
    }

    @Test func `a request without a host is not answered`() { #expect(status([]) == 421) }

    @Test(arguments: ["POST", "PUT", "DELETE", "OPTIONS", "get"])
    func `nothing can be changed`(_ method: String) {
        #expect(status([("Host", "localhost")], method: method) == 405)
    }

    @Test(arguments: [
        ("http://localhost:80", Int?.none), ("https://localhost", nil), ("http://evil.example", 403),
        ("null", 403),
    ])
    func `other sites are not answered`(_ origin: String, _ refused: Int?) {
        #expect(status([("Host", "localhost:80"), ("Origin", origin)]) == refused)
    }

    @Test(
        arguments: [
            (String?.none, 401), ("Bearer right-token", nil), ("bearer  right-token", nil),
            ("Bearer wrong", 401),
            ("Bearer", 401), ("Bearer ", 401), ("Digest right-token", 401),
            ("Basic " + Base64.encode(Array("anyone:right-token".utf8)), nil),
            ("Basic " + Base64.encode(Array(":right-token".utf8)), nil),
            ("Basic " + Base64.encode(Array("right-token".utf8)), 401), ("Basic ***", 401),
        ] as [(String?, Int?)]
    )
    func `where a token is asked for, nobody comes in without it`(_ field: String?, _ refused: Int?) {
        let shown = field.map { [(name: "Authorization", value: $0)] } ?? []
        #expect(status([("Host", "localhost")] + shown, closed: true) == refused)
    }

    @Test func `whether it lives is told to anyone, and where the token is gone nobody else comes in`() {
        #expect(status([("Host", "localhost")], path: "/livez", closed: true) == nil)
        #expect(status([("Host", "localhost")], path: "/health", closed: true) == 401)
        let gone = Door(digest: { nil })
        let shown = Request(
            method: "GET",
            path: "/",
            headers: [("Host", "localhost"), ("Authorization", "Bearer right-token")]
        )
        #expect(gone.refusal(of: shown)?.status == 401)
    }

    @Test func `a token is known again by its record, and by nothing else`() {
        let token = AccessToken()
        #expect(token.text.count == 43 && !token.record.contains(token.text))
        #expect(
            AccessToken.digest(inRecord: Array(token.record.utf8)) == Digest.sha256(Array(token.text.utf8))
        )
        #expect(AccessToken().text != token.text)
        for wrong in ["", "\n", "zz" + token.record.dropFirst(2), String(token.record.dropFirst())] {
            #expect(AccessToken.digest(inRecord: Array(wrong.utf8)) == nil, "\(wrong)")
        }
    }

    @Test(
        arguments: [
            ("8080", "127.0.0.1:8080"), ("127.0.0.1:0", "127.0.0.1:0"), ("localhost:9", "127.0.0.1:9"),
            ("[::1]:8080", "[::1]:8080"), ("0.0.0.0:80", "0.0.0.0:80"), ("soc.example:80", nil), ("", nil),
            ("127.0.0.1", nil), ("127.0.0.1:", nil), ("127.0.0.1:65536", nil), ("::1:80", nil), ("+80", nil),
        ] as [(String, String?)]
    )
    func `an address is a number with a port`(_ text: String, _ read: String?) {
        #expect(ListenAddress(text)?.description == read)
        #expect(ListenAddress(text).map(\.isLoopback) == read.map { !$0.hasPrefix("0.0.0.0") })
    }
}
