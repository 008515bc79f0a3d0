// SPDX-License-Identifier: Apache-2.0

/// What kind of trouble an answer, or the lack of one, is.
///
/// The set is closed: states, remedies, metrics and reports use these words and no others.
package enum FaultClass: String, Sendable, CaseIterable {
    /// No trouble at all; some sources dress a success as an error.
    case ok
    /// The source does not accept who we say we are.
    case auth
    /// The source knows us and does not let us read this.
    case permission
    /// The tenant has not bought what this stream needs.
    case license
    /// The tenant has not switched on what this stream reports.
    case enablement
    /// The source was not asked to keep this stream for us, or no longer does.
    case subscription
    /// What was entered is wrong: a tenant, a cloud, an address.
    case config
    /// We ask too often.
    case throttle
    /// Trouble at the source that goes away by itself.
    case transient
    /// The source could not be reached.
    case network
    /// What we asked for is no longer there.
    case gone
    /// The answer is not what the definition promises.
    case shape
    /// The source sends us in circles.
    case loop
    /// A fault of Headgate's or of the definition.
    case bug
    /// Trouble of the machine Headgate runs on: disk, clock, vault, ledger.
    case host

    /// Whether collection cannot go on until a person acts.
    package var isBlocking: Bool {
        switch self {
        case .auth, .permission, .license, .enablement, .subscription, .config: true
        case .ok, .throttle, .transient, .network, .gone, .shape, .loop, .bug, .host: false
        }
    }
}
