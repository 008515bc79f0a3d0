// SPDX-License-Identifier: Apache-2.0
package import Basics
import Connectors
import Glibc
package import Status

/// How much room the disk has on which a home lies.
package struct DiskRoom: Sendable, Equatable {
    /// The bytes that are free for us.
    package let free: Int64
    /// The bytes that the disk has in all.
    package let total: Int64
    /// Whether the room for the ledger on a full disk is set aside; the host does so when it starts.
    package let isReserveHeld: Bool

    /// Puts it together from its parts.
    package init(free: Int64, total: Int64, isReserveHeld: Bool) {
        self.free = free
        self.total = total
        self.isReserveHeld = isReserveHeld
    }

    /// Asks the system; `nil` where it does not say.
    package init?(_ home: Home) {
        var disk = statvfs()
        guard statvfs(home.path, &disk) == 0 else { return nil }
        let block = Int64(disk.f_frsize)
        self.init(
            free: block * Int64(disk.f_bavail),
            total: block * Int64(disk.f_blocks),
            isReserveHeld: Reserve(home).isHeld
        )
    }

    /// Whether so little is left that the ledger cannot be counted on to take another line: under 256 KiB, or an eighth
    /// of a disk that is very small, with nothing set aside.
    package var isFull: Bool { !isReserveHeld && free < min(256 << 10, total / 8) }
}

extension Cause {
    /// Nothing can be stored in a home, for want of room on its disk.
    package static func diskFull(_ home: Home, since: Timestamp) -> Cause {
        Cause(
            faultClass: .host,
            code: "disk-full",
            message:
                "disk full: nothing can be stored in \(home.path); make room and collection goes on by itself",
            since: since
        )
    }
}
