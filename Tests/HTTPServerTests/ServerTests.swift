// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import Testing

@Suite struct RequestReadingTests {
    @Test func `a query is decoded and keeps its order`() {
        let request = Request(method: "GET", path: "/a%2Fb", rawQuery: "x=1%202&y=a+b&x=%C3%A4&flag&bad=%zz")
        #expect(request.path == "/a%2Fb")
        #expect(request.query.map(\.name) == ["x", "y", "x", "flag", "bad"])
        #expect(request.query.map(\.value) == ["1 2", "a b", "ä", "", "%zz"])
        #expect(request.query("y") == "a b")
    }

    @Test func `a form body is read like a query`() {
        let request = Request(method: "POST", path: "/", body: Array("secret=a%2Bb%3D&grant=x".utf8))
        #expect(request.form.map(\.value) == ["a+b=", "x"])
    }

    @Test func `headers are found without regard to case`() {
        let request = Request(method: "GET", path: "/", headers: [("Content-Type", "text/plain")])
        #expect(request.header("content-type") == "text/plain")
    }
}

@Suite struct ServerStartTests {
    @Test func `a port that is taken is refused in a sentence`() throws {
        let first = try Server { _ in .text("a") }
        defer { first.stop() }
        #expect(first.port != 0)
        let failure = #expect(throws: ServerFailure.self) { try Server(port: first.port) { _ in .text("b") } }
        #expect(failure?.description.contains("cannot listen on 127.0.0.1 port \(first.port)") == true)
    }

    @Test func `a name is no address`() {
        #expect(throws: ServerFailure.self) { try Server(address: "localhost") { _ in .text("") } }
    }

    @Test func `stopping twice does no harm`() throws {
        let server = try Server { _ in .text("a") }
        server.stop()
        server.stop()
    }
}
