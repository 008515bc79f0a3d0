// SPDX-License-Identifier: Apache-2.0
import Connectors
import Host
import Probing

/// One chosen connector on its way to a connection.
struct Tested: Sendable {
    let member: Flow.Member
    let definition: Definition
    /// What is set up, once it is known well enough to be tested.
    var prepared: Prepared?
    var report: ProbeReport?
    /// The permissions that a fresh token was seen to hold, by service.
    var granted: [String: Set<String>] = [:]
    var added: Added?
}
