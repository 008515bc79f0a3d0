// SPDX-License-Identifier: Apache-2.0
package import Basics
package import Connectors

/// What one step of the connection test found, for the connection or for one stream.
package struct CheckResult: Sendable, Equatable {
    /// How a step ended; only `pass` and `passEmpty` are proofs.
    package enum Mark: String, Sendable, CaseIterable {
        case pass
        /// It works, and there was nothing to see.
        case passEmpty = "pass-empty"
        case warn, fail
        /// It will come about by itself, or by what collecting does.
        case wait
        /// A step it needs failed.
        case skip
        /// It could not be told.
        case unknown

        /// How bad it is when many are taken together.
        package var weight: Int {
            switch self {
            case .pass: 0
            case .passEmpty: 1
            case .skip: 2
            case .warn: 3
            case .wait: 4
            case .unknown: 5
            case .fail: 6
            }
        }
    }

    /// What was seen at the source.
    package struct Evidence: Sendable, Equatable {
        /// The status; `nil` where no answer came.
        package var status: Int?
        package var code: String?
        /// The name under which the service's own log knows the request.
        package var requestID: String?
        package var at: Timestamp
        package var duration: Duration

        /// Puts it together from its parts.
        package init(
            status: Int? = nil,
            code: String? = nil,
            requestID: String? = nil,
            at: Timestamp,
            duration: Duration = .zero
        ) {
            self.status = status
            self.code = code
            self.requestID = requestID
            self.at = at
            self.duration = duration
        }
    }

    package var id: String
    package var title: String
    package var stage: ProbeStep.Stage
    /// The stream, for a step that looks at each.
    package var stream: String?
    package var mark: Mark
    package var faultClass: FaultClass?
    package var message: String?
    /// The failed step without which this one could not run.
    package var skippedFor: String?
    package var evidence: Evidence?
    package var remedy: Remedy?

    /// Puts it together from its parts.
    package init(
        id: String,
        title: String,
        stage: ProbeStep.Stage,
        stream: String? = nil,
        mark: Mark,
        faultClass: FaultClass? = nil,
        message: String? = nil,
        skippedFor: String? = nil,
        evidence: Evidence? = nil,
        remedy: Remedy? = nil
    ) {
        self.id = id
        self.title = title
        self.stage = stage
        self.stream = stream
        self.mark = mark
        self.faultClass = faultClass
        self.message = message
        self.skippedFor = skippedFor
        self.evidence = evidence
        self.remedy = remedy
    }
}
