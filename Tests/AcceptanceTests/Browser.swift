// SPDX-License-Identifier: Apache-2.0
import HTTPClient
import TestSupport

/// As much of a browser as a link needs: it opens a page and says where it was sent to.
enum Browser {
    static func open(_ link: String) async throws -> String {
        let response = try await Client(Options(userAgent: "tests")).send(
            Request(url: link, headers: [], timeLimit: .seconds(10), bodyLimit: 1 << 20)
        )
        return response.header("Location") ?? String(decoding: response.body, as: UTF8.self)
    }
}
