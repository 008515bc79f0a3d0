// SPDX-License-Identifier: Apache-2.0
import Basics
import Testing

@Suite("Secrets and logs")
struct SecretTests {
    @Test func `a secret never shows its value, however it is printed`() {
        let secret = Secret("hunter2-hunter2")
        var dumped = ""
        dump(secret, to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), dumped, String(describing: [secret])] {
            #expect(!text.contains("hunter2"))
        }
        #expect(secret.reveal { $0 } == "hunter2-hunter2")
    }

    @Test func `secrets are compared by value`() {
        #expect(Secret("one secret") == Secret("one secret"))
        #expect(Secret("one secret") != Secret("two secret"))
        #expect(Secret("one") != Secret("one secret"))
    }

    @Test func `a log hides every known secret, whatever field it came in`() {
        let lines = Locked([String]())
        let log = Log(level: .debug, json: true, time: SystemTime()) { line in
            lines.withLock { $0.append(line) }
        }
        let secret = Secret("s3cr3t-value-of-a-log")
        secret.reveal { value in log.error("the service said: \(value)", ["echo": value]) }
        let line = lines.withLock { $0.joined() }
        #expect(!line.contains("s3cr3t"))
        #expect(line.contains("‹secret›"))
    }

    @Test func `one happening is one line`() {
        let lines = Locked([String]())
        let log = Log(level: .info, json: false, time: SystemTime()) { line in
            lines.withLock { $0.append(line) }
        }
        log.info("first\nsecond \"quoted\"", ["field": "a b", "plain": "c"])
        log.debug("not shown")
        let all = lines.withLock { $0 }
        #expect(all.count == 1)
        #expect(all[0].contains(#"message="first\nsecond \"quoted\"""#))
        #expect(all[0].hasSuffix(#"field="a b" plain=c"#))
    }

    @Test func `short values hide no ordinary words`() {
        let redaction = Redaction()
        redaction.hide("the")
        #expect(redaction.redact("the end") == "the end")
        redaction.hide("longer-secret")
        #expect(redaction.redact("a longer-secret.") == "a ‹secret›.")
        redaction.forget("longer-secret")
        #expect(redaction.redact("a longer-secret.") == "a longer-secret.")
    }
}

@Suite("Waits between tries")
struct BackoffTests {
    @Test func `a wait is a random part of a bound that doubles up to its cap`() {
        let backoff = Backoff(first: .seconds(2), cap: .minutes(1))
        #expect((1...8).map { backoff.bound(attempt: $0).wholeSeconds } == [2, 4, 8, 16, 32, 60, 60, 60])
        var random = SystemRandomNumberGenerator()
        for attempt in 1...100 {
            let wait = backoff.wait(attempt: attempt, using: &random)
            #expect(wait >= .zero && wait <= backoff.bound(attempt: attempt))
        }
    }
}
