// SPDX-License-Identifier: Apache-2.0
import CMicroHTTPD

/// One request on its way through the server, from its first line to the end of its answer.
///
/// Lives in the connection's slot. The server's thread and the handler's task never touch it at the same time: the
/// connection is suspended from the moment the task is made until it has put its answer here.
final class Exchange: @unchecked Sendable /* handed over by suspend and resume, see above */ {
    let target: String
    var headers: [(name: String, value: String)] = []
    var body: [UInt8] = []
    var headRead = false
    var response: Response?

    init(target: String) { self.target = target }

    /// The request, once its body is in.
    func request(method: String) -> Request {
        let mark = target.utf8.firstIndex(of: UInt8(ascii: "?"))
        return Request(
            method: method,
            path: String(target[..<(mark ?? target.endIndex)]),
            rawQuery: mark.map { String(target[target.index(after: $0)...]) } ?? "",
            headers: headers,
            body: body
        )
    }

    /// Copies the header fields, which the connection owns.
    func readHeaders(of connection: OpaquePointer) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        MHD_get_connection_values(
            connection,
            .HEADER_KIND,
            { context, _, name, value in
                guard let context, let name else { return .YES }
                let exchange = Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
                exchange.headers.append((String(cString: name), value.map { String(cString: $0) } ?? ""))
                return .YES
            },
            context
        )
    }
}
