// SPDX-License-Identifier: Apache-2.0
import Basics
import Glibc

/// The instants at which a crash would hurt most, named so that debug builds can die there.
///
/// `HEADGATE_CRASH_AT=name:n` kills the process at the n-th hit of that point, as abruptly as a power cut.
package enum CrashPoint: String, Sendable, CaseIterable {
    case appended, synced, inTransaction, committed, archiveWritten, cutting
    /// The instants of a rotation: the secret is in the vault, the ledger knows it, it is proven, it is in use, the former
    /// one is forgotten by the ledger.
    case kept, staged, proven, swapped, dropped

    /// Dies here if the environment asks for it; nothing in a release build.
    package static func hit(_ point: CrashPoint) {
        #if DEBUG
        guard let plan, plan.point == point else { return }
        let hits = counter.withLock { count in
            count += 1
            return count
        }
        if hits == plan.at {
            kill(getpid(), SIGKILL)
            // The signal takes effect at once, but the compiler need not believe it.
            pause()
        }
        #endif
    }

    #if DEBUG
    private static let counter = Locked(0)
    private static let plan: (point: CrashPoint, at: Int)? = {
        guard let text = getenv("HEADGATE_CRASH_AT").map({ String(cString: $0) }) else { return nil }
        let parts = text.split(separator: ":")
        guard let name = parts.first, let point = CrashPoint(rawValue: String(name)) else { return nil }
        return (point, parts.count > 1 ? Int(parts[1]) ?? 1 : 1)
    }()
    #endif
}
