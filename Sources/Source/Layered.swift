// SPDX-License-Identifier: Apache-2.0
import Connectors
package import JSON

/// Names over other names: the upper ones hide the lower.
package struct Layered: Bindings {
    private let upper: Names
    private let lower: Names

    init(over upper: Names, _ lower: Names) {
        self.upper = upper
        self.lower = lower
    }

    /// The upper value of `name`, else the lower.
    package func value(of name: String) -> Value? { upper.value(of: name) ?? lower.value(of: name) }

    /// These names with `name` bound to `value` as well.
    func with(_ name: String, _ value: Value?) -> Layered {
        guard let value else { return self }
        return Layered(over: upper.with(name, value), lower)
    }
}
