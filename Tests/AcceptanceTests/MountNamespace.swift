// SPDX-License-Identifier: Apache-2.0
import CloudSimulator
import Glibc
import TestSupport

/// A mount namespace of one's own, in which a test makes a small disk without any privileges.
enum MountNamespace {
    /// Whether this machine lets everybody have one; where everything must hold, its lack is a failure, not a skip.
    static let isToBeHad =
        getenv("HEADGATE_CI") != nil || ChildProcess(["unshare", "-Urm", "true"])?.wait() == 0

    /// Runs a script in one, with the command, its home and the folder of `estate` as its first arguments.
    ///
    /// The clouds document of `estate` lies in that folder, and an empty folder `kept`.
    static func run(
        _ script: String,
        _ estate: Estate,
        _ more: String...,
        within limit: Duration
    ) async throws -> Tool.Outcome {
        let folder = estate.folder
        folder.write(estate.simulator.cloudsDocument, to: "clouds.json")
        folder.write("", to: "kept/nothing")
        let file = folder.write(script, to: "script")
        let child = try estate.tool.start(
            ["unshare", "-Urm", "sh", file, Tool.path, estate.home, folder.path] + more,
            program: "/usr/bin/env"
        )
        return await child.end(within: limit)
    }
}
