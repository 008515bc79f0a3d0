// SPDX-License-Identifier: Apache-2.0
import CSQLite
import Glibc

/// Syncs a whole file system at once, where many files were written.
package enum FileSystemSync {
    /// Brings everything on the file system of `descriptor` to disk; the system's error number, 0 for success.
    ///
    /// Open the descriptor before writing: only failures after that are told.
    package static func sync(_ descriptor: Int32) -> Int32 {
        while syncfs(descriptor) != 0 {
            guard errno == EINTR else { return errno }
        }
        return 0
    }
}
