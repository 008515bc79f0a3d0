// SPDX-License-Identifier: Apache-2.0
import Basics
import Testing

@Suite("Timestamps")
struct TimestampTests {
    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("1970-01-01", 0), ("2000-02-29T12:00:00Z", 951_825_600_000),
            ("2026-11-21T06:30:00.123Z", 1_795_242_600_123),
            ("2026-11-21T06:30:00.1239999Z", 1_795_242_600_123),
            ("2026-11-21T06:30:00", 1_795_242_600_000), ("2026-11-21 06:30", 1_795_242_600_000),
            ("2026-11-21T08:30:00+02:00", 1_795_242_600_000), ("2026-11-21T01:00:00-0530", 1_795_242_600_000),
            ("1969-12-31T23:59:59Z", -1_000), ("2016-12-31T23:59:60Z", 1_483_228_799_000),
        ]
    )
    func `an ISO 8601 instant is read`(text: String, milliseconds: Int) throws {
        let instant = try #require(Timestamp(iso8601: text))
        #expect(instant.milliseconds == Int64(milliseconds))
    }

    @Test(
        arguments: [
            "", "2026", "2026-13-01", "2026-02-29", "2026-11-21T25:00:00Z", "2026-11-21T06:30:00.Z",
            "2026-11-21T06",
            "2026-11-21T06:30:00Zx", "2026-11-21T06:30:00+25:00", "21.11.2026", "2026-1-1", "٢٠٢٦-11-21",
        ]
    )
    func `anything else is refused`(text: String) {
        #expect(Timestamp(iso8601: text) == nil)
    }

    @Test func `what is written is read back, for every day of four centuries`() {
        for day in stride(from: -106_000, through: 106_000, by: 37) {
            let instant = Timestamp(seconds: Int64(day) * 86_400 + 12_345)
            #expect(Timestamp(iso8601: instant.description) == instant)
            #expect(Timestamp(httpDate: instant.httpDate) == instant)
        }
    }

    @Test func `a date of HTTP names the right weekday`() {
        #expect(Timestamp(seconds: 784_111_777).httpDate == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(Timestamp(httpDate: "Sun, 06 Nov 1994 08:49:37 GMT")?.seconds == 784_111_777)
        #expect(Timestamp(httpDate: "Sunday, 06-Nov-94 08:49:37 GMT") == nil)
    }

    @Test func `rounding goes to the past, before 1970 as well`() {
        #expect(Timestamp(seconds: 119).rounded(downTo: .minutes(1)).seconds == 60)
        #expect(Timestamp(seconds: -1).rounded(downTo: .minutes(1)).seconds == -60)
        #expect(Timestamp(milliseconds: -1).millisecondsText == "1969-12-31T23:59:59.999Z")
    }
}

@Suite("Durations")
struct DurationTests {
    @Test(
        arguments: [
            ("P7D", 604_800), ("PT5M", 300), ("PT1H30M", 5_400), ("P1DT2H3M4S", 93_784), ("P2W", 1_209_600),
            ("PT0S", 0), ("PT1.5S", 1),
        ]
    )
    func `an ISO 8601 duration is read`(text: String, seconds: Int) {
        #expect(Duration(iso8601: text)?.wholeSeconds == Int64(seconds))
    }

    @Test(arguments: [
        "", "P", "PT", "7D", "P1Y", "P1M", "PT1D", "P1H", "PT5", "PT-5M", "PT1M1H", "P1.5D", "pt5m",
    ])
    func `anything else is refused`(text: String) {
        #expect(Duration(iso8601: text) == nil)
    }

    @Test(arguments: [
        ("PT1H30M", "1 h 30 min"), ("PT42S", "42 s"), ("P2DT4H", "2 d 4 h"), ("PT5M20S", "5 min"),
    ])
    func `a duration is spoken in its largest units`(text: String, words: String) {
        #expect(Duration(iso8601: text)?.spoken == words)
        #expect(Duration(iso8601: text)?.iso8601 == text)
    }
}
