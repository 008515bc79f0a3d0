// SPDX-License-Identifier: Apache-2.0
import Basics
import CCurl

extension Transfer {
    /// The failure that one of the library's codes means for this exchange.
    func failure(_ code: CURLcode) -> Failure {
        let host = URLParts(request.url)?.host ?? "the host"
        let text = easy.error.isEmpty ? String(cString: curl_easy_strerror(code)) : easy.error
        let why = Redaction.shared.redact(text.split(whereSeparator: \.isNewline).joined(separator: " "))
        switch overLimit {
        case .body:
            return Failure(.bodyTooLarge, "the answer of \(host) is larger than \(request.bodyLimit) bytes")
        case .headers:
            return Failure(.protocolError, "the answer of \(host) has more than 64 KiB of headers")
        case nil: break
        }
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST:
            return Failure(
                .resolve,
                "the name \(host) has no address here (\(why)): check the name and this machine's DNS"
            )
        case CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY:
            return Failure(.proxy, "the proxy on the way to \(host) does not work: \(why)")
        case CURLE_COULDNT_CONNECT:
            // The library names whom it could not reach; if that is not the host, it is the proxy.
            let direct = !why.hasPrefix("Failed to connect to ") || why.contains(" to \(bare(host)) ")
            return direct
                ? Failure(.connect, "no connection to \(host): \(why)")
                : Failure(.proxy, "no connection to the proxy on the way to \(host): \(why)")
        case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING:
            let tunnel = easy.number(CURLINFO_HTTP_CONNECTCODE)
            if tunnel != 0, tunnel / 100 != 2 {
                return Failure(.proxy, "the proxy refuses the way to \(host) with HTTP \(tunnel)")
            }
            // A broken chunk has no code of its own.
            guard !why.contains("chunked-encod") else { return misunderstood(host, why) }
            return Failure(.reset, "\(host) closed the connection without a whole answer: \(why)")
        case CURLE_HTTP2_STREAM, CURLE_AGAIN:
            return Failure(.reset, "\(host) cut the exchange: \(why)")
        case CURLE_PARTIAL_FILE:
            return Failure(.truncated, "the answer of \(host) ended too early: \(why)")
        case CURLE_OPERATION_TIMEDOUT:
            return Failure(.timedOut, "\(host) did not answer in time: \(why)")
        case CURLE_URL_MALFORMAT, CURLE_BAD_FUNCTION_ARGUMENT:
            return Failure(.invalidRequest, "the request cannot be sent: \(why)")
        case _ where Self.secureCodes.contains(code.rawValue):
            return Failure(.tls, "no trusted secure connection to \(host): \(why)")
        default:
            return misunderstood(host, why)
        }
    }

    private func misunderstood(_ host: String, _ why: String) -> Failure {
        Failure(.protocolError, "the answer of \(host) is not understood: \(why)")
    }

    private func bare(_ host: String) -> String {
        host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
    }

    private static let secureCodes = Set(
        [
            CURLE_SSL_CONNECT_ERROR, CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED,
            CURLE_SSL_CERTPROBLEM,
            CURLE_SSL_CIPHER, CURLE_PEER_FAILED_VERIFICATION, CURLE_USE_SSL_FAILED,
            CURLE_SSL_ENGINE_INITFAILED,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_SHUTDOWN_FAILED, CURLE_SSL_CRL_BADFILE,
            CURLE_SSL_ISSUER_ERROR,
            CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CLIENTCERT,
        ].map(\.rawValue)
    )
}
