// SPDX-License-Identifier: Apache-2.0
package import Basics
import Connectors
package import Status

/// Says when this machine's clock is so far off that people should know, although windows are asked by the source's.
package enum ClockCheck {
    /// How far a clock may be off without a word.
    package static let tolerance = Duration.minutes(5)

    /// The cause to show on the host's line, from how far the sources' clocks are ahead of ours.
    package static func cause(_ skews: [Duration], now: Timestamp) -> Cause? {
        guard let worst = skews.max(by: { $0.magnitude < $1.magnitude }), worst.magnitude > tolerance else {
            return nil
        }
        let way = worst > .zero ? "behind" : "ahead of"
        return Cause(
            faultClass: .host,
            code: "clock",
            message:
                "this machine's clock is \(worst.magnitude.spoken) \(way) the source's; collection goes by the source's",
            since: now,
            remedy: Remedy(
                id: "host.clock",
                title: "Set this machine's clock",
                cause: "The clock of this machine and that of the service do not agree.",
                steps: ["Switch time synchronisation on, such as with timedatectl set-ntp true."],
                who: "whoever looks after this machine",
                where: nil,
                takes: "a minute",
                next: "headgate status"
            )
        )
    }
}

extension Duration {
    fileprivate var magnitude: Duration { self < .zero ? .zero - self : self }
}
