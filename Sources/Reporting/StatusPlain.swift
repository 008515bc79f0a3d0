// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
package import Status

/// The status for scripts and screen readers: one stream a line, columns parted by tabs, no colour, stable order.
package enum StatusPlain {
    /// The names of the columns, in order.
    package static let columns = [
        "stream", "state", "since", "caughtUpTo", "lagSeconds", "records24h", "itemsPending", "gapsOpen",
        "lossAt",
        "losingSince", "class", "code", "message",
    ]

    /// The head and the lines; what is not set is `-`.
    package static func lines(_ report: StatusReport) -> [String] {
        var rows = [columns]
        for customer in report.customers {
            for connection in customer.connections {
                let path = customer.id + "/" + connection.id
                if connection.streams.isEmpty {
                    rows.append(row(path, connection.headline))
                }
                rows += connection.streams.map { row(path + "/" + $0.id, $0) }
            }
        }
        return rows.map { $0.map(clean).joined(separator: "\t") }
    }

    private static func row(_ path: String, _ stream: StreamLine) -> [String] {
        let found = stream.assessment
        return [
            path, stream.state.rawValue, text(found.since), text(found.caughtUpTo),
            found.lag.map { String($0.wholeSeconds) } ?? "-", String(stream.records24h),
            String(stream.situation.itemsPending), String(stream.situation.gapsOpen), text(found.lossAt),
            text(found.losingSince), found.cause?.faultClass.rawValue ?? "-", found.cause?.code ?? "-",
            found.cause?.message ?? "-",
        ]
    }

    private static func row(_ path: String, _ line: Headline) -> [String] {
        let blank = Array(repeating: "-", count: 7)
        return [path, line.state.rawValue, text(line.since)] + blank + [
            line.cause?.faultClass.rawValue ?? "-", line.cause?.code ?? "-", line.cause?.message ?? "-",
        ]
    }

    private static func text(_ instant: Timestamp?) -> String { instant?.description ?? "-" }

    /// A cell without what would break the row.
    private static func clean(_ cell: String) -> String {
        String(String.UnicodeScalarView(cell.unicodeScalars.map { $0.value < 0x20 ? " " : $0 }))
    }
}
