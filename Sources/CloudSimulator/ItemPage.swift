// SPDX-License-Identifier: Apache-2.0
import HTTPServer

/// A page of items whose bytes are made away from the cloud's state.
struct ItemPage: Sendable {
    var items: [Item]
    let generator: ItemGenerator
    /// What stands in front of the items and behind them.
    var before: String
    var after: String
    var headers: [(name: String, value: String)]

    /// The answer, its bytes made now.
    var response: Response {
        var body = Array(before.utf8)
        body.reserveCapacity(body.count + items.count * 1_700 + after.utf8.count)
        for (number, item) in items.enumerated() {
            if number > 0 { body.append(0x2c) }
            body.append(contentsOf: generator.bytes(item))
        }
        body.append(contentsOf: after.utf8)
        return Response(headers: headers, body: body)
    }
}
