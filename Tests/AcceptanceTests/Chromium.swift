// SPDX-License-Identifier: Apache-2.0
import Glibc
import TestSupport

/// A browser without a window, as it shows a page to a person.
enum Chromium {
    /// What a page came to.
    struct Sight: Sendable {
        /// The document after it was read, as the browser writes it.
        let document: String
        /// What the browser had to complain of, such as a style that a policy keeps out.
        let complaints: [String]
    }

    private static let program = ["chromium", "chromium-browser", "google-chrome"].first { name in
        ChildProcess([name, "--version"])?.wait() == 0
    }

    /// Whether this machine has one; where everything must hold, its lack is a failure, not a skip.
    static let isToBeHad = getenv("HEADGATE_CI") != nil || program != nil

    /// Opens a page in a window of this width; a page in a file may look into the files that it frames.
    static func open(_ url: String, width: Int = 1_000, beside tool: Tool) async throws -> Sight {
        guard let program else { throw Child.CannotStart(reason: "no Chromium is installed") }
        let child = try tool.start(
            [
                program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                "--no-first-run", "--disable-background-networking", "--allow-file-access-from-files",
                "--user-data-dir=" + tool.folder.file("browser"), "--window-size=\(width),900",
                "--enable-logging=stderr", "--virtual-time-budget=3000", "--dump-dom", url,
            ],
            program: "/usr/bin/env"
        )
        let outcome = await child.end(within: .seconds(60))
        guard outcome.exit == 0 else { throw Child.CannotStart(reason: "\(outcome)") }
        return Sight(
            document: outcome.out,
            complaints: outcome.err.split(separator: "\n").map(String.init).filter { $0.contains("CONSOLE") }
        )
    }
}
