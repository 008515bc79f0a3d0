// SPDX-License-Identifier: Apache-2.0
import Basics
import CCurl

/// One exchange under way: its request, and what has come of the answer.
final class Transfer {
    let request: Request
    let easy: EasyHandle
    let ticket: Ticket
    let continuation: CheckedContinuation<Response, any Error>
    private var fields: UnsafeMutablePointer<curl_slist>?
    private var headers: [Header] = []
    private var headerBytes = 0
    private var body: [UInt8] = []
    private var bodyStarted = false
    private(set) var overLimit: Limit?

    enum Limit { case body, headers }

    private static let mostHeaderBytes = 64 << 10
    /// Reserved at once on a server's word; a longer body grows as it comes.
    private static let mostReserved = 64 << 20

    init(
        _ request: Request,
        _ easy: EasyHandle,
        _ ticket: Ticket,
        _ continuation: CheckedContinuation<Response, any Error>
    ) {
        self.request = request
        self.easy = easy
        self.ticket = ticket
        self.continuation = continuation
    }

    deinit { curl_slist_free_all(fields) }

    /// Sets every option of the handle.
    func prepare(_ options: Options, _ trust: TrustStore) throws(Failure) {
        let secure = request.url.prefix(8).lowercased() == "https://"
        guard secure || request.url.prefix(7).lowercased() == "http://",
            request.url.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f })
        else { throw Failure(.invalidRequest, "the URL is not an absolute http or https URL without spaces") }
        guard !request.method.isEmpty, request.method.utf8.allSatisfy(Self.isToken) else {
            throw Failure(.invalidRequest, "the method is not a name")
        }
        easy.collectErrors()
        easy.set(CURLOPT_URL, request.url)
        easy.set(CURLOPT_PATH_AS_IS, 1)
        easy.set(CURLOPT_PROTOCOLS_STR, "http,https")
        easy.set(CURLOPT_FOLLOWLOCATION, 0)
        easy.set(CURLOPT_NOSIGNAL, 1)
        easy.set(CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2)
        easy.set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS)
        // Rather wait for the first connection to tell whether it carries many than open one for each.
        easy.set(CURLOPT_PIPEWAIT, secure ? 1 : 0)
        easy.set(CURLOPT_CONNECTTIMEOUT_MS, Self.milliseconds(options.connectTimeLimit))
        easy.set(CURLOPT_TIMEOUT_MS, Self.milliseconds(request.timeLimit))
        // A long time limit, as large bodies have, must not keep a dead connection.
        easy.set(CURLOPT_LOW_SPEED_LIMIT, 1)
        easy.set(CURLOPT_LOW_SPEED_TIME, 60)
        easy.set(CURLOPT_BUFFERSIZE, 32 << 10)
        easy.set(CURLOPT_ACCEPT_ENCODING, "gzip")
        easy.set(CURLOPT_USERAGENT, options.userAgent)
        easy.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        easy.set(CURLOPT_TCP_KEEPALIVE, 1)
        if let proxy = options.proxy { easy.set(CURLOPT_PROXY, proxy) }
        trust.apply(to: easy)
        try prepareHeaders()
        prepareBody()
        let context = Unmanaged.passUnretained(self).toOpaque()
        easy.set(CURLOPT_WRITEDATA, context)
        hg_curl_set_data_fn(easy.pointer, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            guard let bytes, let context else { return 0 }
            return Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
                .receiveBody(UnsafeRawBufferPointer(start: bytes, count: size * count))
        }
        easy.set(CURLOPT_HEADERDATA, context)
        hg_curl_set_data_fn(easy.pointer, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            guard let bytes, let context else { return 0 }
            return Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
                .receiveHeader(UnsafeRawBufferPointer(start: bytes, count: size * count))
        }
    }

    private func prepareHeaders() throws(Failure) {
        for header in request.headers {
            guard !header.name.isEmpty, header.name.utf8.allSatisfy(Self.isToken),
                header.value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 })
            else { throw Failure(.invalidRequest, "the header \(header.name) holds a control character") }
            // The library takes `Name:` for "leave it out" and `Name;` for an empty value.
            fields = curl_slist_append(
                fields,
                header.value.isEmpty ? header.name + ";" : "\(header.name): \(header.value)"
            )
        }
        // Left alone, the library would call every body a form, and wait a second before sending a large one.
        if !request.headers.contains(where: { $0.name.equalsIgnoringCase("content-type") }) {
            fields = curl_slist_append(fields, "Content-Type:")
        }
        fields = curl_slist_append(fields, "Expect:")
        hg_curl_set_list(easy.pointer, CURLOPT_HTTPHEADER, fields)
    }

    private func prepareBody() {
        switch request.method {
        case "GET" where request.body.isEmpty: easy.set(CURLOPT_HTTPGET, 1)
        case "HEAD": easy.set(CURLOPT_NOBODY, 1)
        default:
            // Also where it is empty: some servers refuse a POST without a length.
            if !request.body.isEmpty || ["POST", "PUT", "PATCH"].contains(request.method) {
                easy.set(CURLOPT_POST, 1)
                hg_curl_set_off_t(easy.pointer, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.count))
                request.body.withUnsafeBytes {
                    let start = $0.baseAddress?.assumingMemoryBound(to: CChar.self)
                    _ = hg_curl_set_string(easy.pointer, CURLOPT_COPYPOSTFIELDS, start)
                    if start == nil { hg_curl_set_string(easy.pointer, CURLOPT_COPYPOSTFIELDS, "") }
                }
            }
            easy.set(CURLOPT_CUSTOMREQUEST, request.method)
        }
    }

    /// Takes one line of the answer's head; anything but its length ends the exchange.
    private func receiveHeader(_ bytes: UnsafeRawBufferPointer) -> Int {
        headerBytes += bytes.count
        guard headerBytes <= Self.mostHeaderBytes else {
            overLimit = .headers
            return 0
        }
        // A status line starts anew: what came before was an interim answer.
        if !bodyStarted, bytes.starts(with: "HTTP/".utf8) {
            headers.removeAll(keepingCapacity: true)
            return bytes.count
        }
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return bytes.count }
        let blank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0d || $0 == 0x0a }
        var value = bytes[(colon + 1)...].drop(while: blank)
        while let last = value.last, blank(last) { value.removeLast() }
        headers.append(
            Header(String(decoding: bytes[..<colon], as: UTF8.self), String(decoding: value, as: UTF8.self))
        )
        return bytes.count
    }

    /// Takes a piece of the body, decoded; anything but its length ends the exchange.
    private func receiveBody(_ bytes: UnsafeRawBufferPointer) -> Int {
        if !bodyStarted {
            bodyStarted = true
            let plain = !headers.contains { $0.name.equalsIgnoringCase("content-encoding") }
            let promised = headers.last { $0.name.equalsIgnoringCase("content-length") }.flatMap {
                Int($0.value)
            }
            if plain, let promised {
                guard promised <= request.bodyLimit else {
                    overLimit = .body
                    return 0
                }
                body.reserveCapacity(min(max(promised, 0), Self.mostReserved))
            }
        }
        guard body.count + bytes.count <= request.bodyLimit else {
            overLimit = .body
            return 0
        }
        body.append(contentsOf: bytes)
        return bytes.count
    }

    /// What the exchange came to, once the library is through with it.
    func outcome(_ code: CURLcode) -> Result<Response, any Error> {
        guard code == CURLE_OK else { return .failure(failure(code)) }
        let status = easy.number(CURLINFO_RESPONSE_CODE)
        guard status != 407 else {
            return .failure(
                Failure(.proxy, "the proxy asks for credentials (HTTP 407): put them into the proxy's URL")
            )
        }
        return .success(Response(status: status, headers: headers, body: body))
    }

    private static func milliseconds(_ duration: Duration) -> Int {
        Int(max(1, min(duration.wholeNanoseconds / 1_000_000, 0x7fff_ffff)))
    }

    /// Whether a name may hold `byte` (RFC 9110 §5.6.2).
    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
