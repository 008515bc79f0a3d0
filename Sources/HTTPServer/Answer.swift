// SPDX-License-Identifier: Apache-2.0
import CMicroHTTPD

/// A body that the library reads piece by piece, maybe less of it than was promised.
final class Answer {
    private let body: [UInt8]
    private let end: Int
    private var asked = false

    private init(body: [UInt8], end: Int) {
        self.body = body
        self.end = end
    }

    /// Below this a body is copied whole, which is cheaper than asking for it in pieces.
    private static let copied = 16 << 10

    /// The library's response for `response`, to be destroyed after queueing.
    static func make(_ response: Response) -> OpaquePointer? {
        let body = response.body
        var (promised, end) = (body.count, body.count)
        if case .truncated(let sent) = response.ending {
            end = min(max(sent, 0), body.count)
            promised = max(body.count, end + 1)
        } else if body.count <= copied {
            return body.withUnsafeBytes {
                MHD_create_response_from_buffer(
                    $0.count,
                    UnsafeMutableRawPointer(mutating: $0.baseAddress),
                    .RESPMEM_MUST_COPY
                )
            }
        }
        return MHD_create_response_from_callback(
            UInt64(promised),
            128 << 10,
            { context, position, buffer, room in
                guard let context, let buffer else { return hg_mhd_end_with_error() }
                return Unmanaged<Answer>.fromOpaque(context).takeUnretainedValue()
                    .read(
                        from: Int(position),
                        into: UnsafeMutableRawBufferPointer(start: buffer, count: room)
                    )
            },
            Unmanaged.passRetained(Answer(body: body, end: end)).toOpaque(),
            { context in
                guard let context else { return }
                Unmanaged<Answer>.fromOpaque(context).release()
            }
        )
    }

    private func read(from position: Int, into buffer: UnsafeMutableRawBufferPointer) -> Int {
        defer { asked = true }
        // An error at the very first call leaves the connection hanging; "nothing yet" gets the head out first.
        guard position < end else { return asked ? hg_mhd_end_with_error() : 0 }
        let count = min(buffer.count, end - position)
        body.withUnsafeBytes {
            buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[position..<position + count]))
        }
        return count
    }
}
