// SPDX-License-Identifier: Apache-2.0
import CCurl

/// The library as a whole.
enum Curl {
    /// Prepares the library once; touch it before any other call.
    static let ready: Void = {
        curl_global_init(Int(CURL_GLOBAL_DEFAULT))
    }()
}
