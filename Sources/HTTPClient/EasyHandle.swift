// SPDX-License-Identifier: Apache-2.0
import CCurl

/// Owns one of libcurl's easy handles and the place where it writes its errors.
final class EasyHandle {
    let pointer: UnsafeMutableRawPointer
    private let errorText: UnsafeMutablePointer<CChar>

    init() {
        guard let pointer = curl_easy_init() else { fatalError("out of memory") }
        self.pointer = pointer
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        curl_easy_cleanup(pointer)
        errorText.deallocate()
    }

    /// Forgets every option; kept connections are the multi handle's and stay.
    func reset() {
        curl_easy_reset(pointer)
        errorText[0] = 0
    }

    /// What the library says about the last failure; empty where it says nothing.
    var error: String { String(cString: errorText) }

    func set(_ option: CURLoption, _ value: Int) { hg_curl_set_long(pointer, option, value) }
    func set(_ option: CURLoption, _ value: String?) { hg_curl_set_string(pointer, option, value) }
    func set(_ option: CURLoption, _ value: UnsafeMutableRawPointer?) {
        hg_curl_set_pointer(pointer, option, value)
    }
    func collectErrors() { set(CURLOPT_ERRORBUFFER, UnsafeMutableRawPointer(errorText)) }

    func number(_ info: CURLINFO) -> Int {
        var value = 0
        hg_curl_get_long(pointer, info, &value)
        return value
    }
}
