// SPDX-License-Identifier: Apache-2.0
import Glibc
import TestSupport

/// A mount namespace of one's own, in which a test makes a small disk without any privileges.
enum MountNamespace {
    /// Whether this machine lets everybody have one; where everything must hold, its lack is a failure, not a skip.
    static let isToBeHad =
        getenv("HEADGATE_CI") != nil || ChildProcess(["unshare", "-Urm", "true"])?.wait() == 0
}
