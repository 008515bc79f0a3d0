// SPDX-License-Identifier: Apache-2.0
import Basics
import Status

/// The newest report, looked up at most once a second however many ask.
actor Glance {
    private static let lasts = Duration.seconds(1)

    private let look: @Sendable () async throws -> StatusReport
    private let time: any TimeSource
    private var newest: (report: StatusReport, at: Timestamp)?

    init(time: any TimeSource, _ look: @escaping @Sendable () async throws -> StatusReport) {
        self.time = time
        self.look = look
    }

    /// The report, no older than a second.
    func report() async throws -> StatusReport {
        let now = time.now
        if let newest, newest.at <= now, now - newest.at < Self.lasts { return newest.report }
        let report = try await look()
        newest = (report, now)
        return report
    }
}
