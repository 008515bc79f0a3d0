// SPDX-License-Identifier: Apache-2.0

/// What a server answered, whole; its status may be any.
package struct Response: Sendable {
    package var status: Int
    /// The fields in the order they came; a name may come more than once.
    package var headers: [Header]
    /// The body with its content coding undone.
    package var body: [UInt8]

    /// Makes an answer, as tests and canned transports do.
    package init(status: Int, headers: [Header] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The first field called `name`, upper and lower case being the same.
    package func header(_ name: String) -> String? {
        headers.first { $0.name.equalsIgnoringCase(name) }?.value
    }
}

extension StringProtocol {
    /// Whether both are equal when ASCII letters are compared without case, as field names are.
    func equalsIgnoringCase(_ other: some StringProtocol) -> Bool {
        utf8.count == other.utf8.count
            && utf8.elementsEqual(other.utf8) { $0.asciiLowercased == $1.asciiLowercased }
    }
}

extension UInt8 {
    /// The byte with an ASCII capital made small.
    var asciiLowercased: UInt8 { (0x41...0x5a).contains(self) ? self | 0x20 : self }
}
