// SPDX-License-Identifier: Apache-2.0

/// What a request asks the simulated cloud for.
package enum Operation: String, Sendable, CaseIterable, Hashable {
    case token, discovery, start, stop, list, content, fetch, notifications, sensitiveTypes, graph, exchange,
        control
    case unknown

    /// The name under which the service counts the request.
    var methodName: String {
        switch self {
        case .start: "StartSubscription"
        case .stop: "StopSubscription"
        case .list: "ListSubscriptions"
        case .content: "ListAvailableContent"
        case .fetch: "GetBlob"
        case .notifications: "ListNotifications"
        default: "GetResource"
        }
    }
}
