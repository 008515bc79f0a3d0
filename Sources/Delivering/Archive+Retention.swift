// SPDX-License-Identifier: Apache-2.0
import Basics
import Glibc
import Store

extension Archive {
    /// Removes the files of days that ended longer than `retention` ago, and gives how many went.
    ///
    /// Only files that this destination has written itself go; what was put aside, or lies there by another's hand,
    /// stays. Throws ``DeliveryFailure`` where a file cannot be removed; the next call takes it up again.
    package func expire(after retention: Duration) async throws -> Int {
        let today = time.now.rounded(downTo: .days(1))
        let oldest = (today - retention).day
        let due = try await ledger.files(Self.destination).filter { path in
            // `<customer>/<connection>/<stream>/<day>.ndjson`; days in this form are ordered like their names.
            guard let name = path.split(separator: "/").last, name.hasSuffix(".ndjson") else { return false }
            return name.dropLast(".ndjson".count) < oldest
        }
        guard !due.isEmpty else { return 0 }
        // Gone before it is forgotten: after a death in between, the next call finds nothing to remove and forgets it.
        for path in due where unlink(home.archive + "/" + path) != 0 && errno != ENOENT {
            throw DeliveryFailure.of(home.archive + "/" + path, "removed", errno)
        }
        try await ledger.write([.forgetFiles(destination: Self.destination, paths: due)])
        log.info("archive files are over their retention and were removed", ["files": "\(due.count)"])
        return due.count
    }
}
