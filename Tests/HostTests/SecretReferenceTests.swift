// SPDX-License-Identifier: Apache-2.0
import Basics
import Host
import Store
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10)))
struct SecretReferenceTests {
    private let folder = TemporaryFolder()

    private func read(_ text: String, limit: Duration = .seconds(20)) async throws -> String {
        try await #require(SecretReference(text)).read(timeLimit: limit).reveal { $0 }
    }

    @Test func `a secret is read from a file, a program and a variable`() async throws {
        let file = folder.write("from-a-file\n", to: "secret")
        #expect(try await read("file:" + file) == "from-a-file")
        #expect(
            try await read(#"command:["printf", "%s\\n", "from a program; $HOME"]"#)
                == "from a program; $HOME"
        )
        #expect(try await read("env:PATH").isEmpty == false)
    }

    @Test(arguments: [
        ("env:HEADGATE_NO_SUCH_VARIABLE", "no such variable"), ("file:/no/such/file", "No such file"),
        (#"command:["false"]"#, "ended with 1"), (#"command:["no-such-program-at-all"]"#, "No such file"),
        (#"command:["true"]"#, "is empty"),
    ])
    func `what cannot be had is said with its reason`(_ reference: String, _ reason: String) async {
        let error = await #expect(throws: StoreFailure.self) { try await read(reference) }
        #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
    }

    @Test func `a program that does not end is killed`() async {
        let error = await #expect(throws: StoreFailure.self) {
            try await read(#"command:["sleep", "60"]"#, limit: .milliseconds(50))
        }
        #expect(error?.description.contains("not done") == true)
    }
}
