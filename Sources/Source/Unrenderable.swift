// SPDX-License-Identifier: Apache-2.0
package import Connectors

/// Why a definition's request cannot be made of what stands at hand.
package enum Unrenderable: Error, Sendable, Equatable, CustomStringConvertible {
    /// The request names a service that the definition does not have.
    case unknownService(String)
    /// The connection's cloud has no such service.
    case noBase(service: String, cloud: String?)
    /// The base that the definition makes is no address a token may go to.
    case badBase(service: String)
    /// The base leads to a host that the definition does not name.
    case hostNotAllowed(service: String, host: String)
    /// An expression has no value here.
    case template(place: String, TemplateFailure)
    /// A value holds a character that could end a line or a header.
    case controlCharacter(place: String)
    /// A value is empty, or would lead to another folder of the service.
    case segment(place: String)
    /// What came out is no URL.
    case badURL(place: String)

    package var description: String {
        switch self {
        case .unknownService(let name):
            "the request names the service \"\(name)\", which the definition does not have; run headgate connector lint"
        case .noBase(let service, let cloud):
            "the cloud \"\(cloud ?? "none")\" has no address for the service \"\(service)\"; choose another cloud "
                + "or add it to clouds.json"
        case .badBase(let service):
            "the address of the service \"\(service)\" is not one a token may be sent to; check what was entered"
        case .hostNotAllowed(let service, let host):
            "the service \"\(service)\" would be at \(host), a host the definition does not allow; check what was "
                + "entered"
        case .template(let place, let failure): "the \(place) cannot be made: \(failure.description)"
        case .controlCharacter(let place): "a value in the \(place) holds a control character; enter it again"
        case .segment(let place):
            "a value in the \(place) is empty or leads to another folder; check what was entered"
        case .badURL(let place): "the \(place) makes no valid address; run headgate connector lint"
        }
    }
}
