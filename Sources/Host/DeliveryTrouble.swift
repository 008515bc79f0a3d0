// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Delivering
import Status

/// Turns what keeps the archive from being written into the host's own cause.
enum DeliveryTrouble {
    static func cause(_ error: any Error, since: Timestamp) -> Cause {
        let isFull = (error as? DeliveryFailure)?.isDiskFull ?? false
        return Cause(
            faultClass: .host,
            code: isFull ? "disk-full" : "archive",
            message: Redaction.shared.redact("the archive waits: \(error)"),
            since: since,
            remedy: Remedy(
                id: "host.archive",
                title: isFull ? "Make room on the disk" : "Let the archive be written",
                cause: "Records are stored safely in the journal, but cannot be written to the archive.",
                steps: [
                    isFull ? "Delete or move what is not needed." : "Look at the folder named in the message."
                ],
                who: "whoever looks after this machine",
                where: nil,
                takes: "a few minutes; the archive goes on by itself",
                next: "headgate status"
            )
        )
    }
}
