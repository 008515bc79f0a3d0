// SPDX-License-Identifier: Apache-2.0
package import JSON

/// Gives expressions the values of their names.
///
/// Only the first word of a path is asked for, so that a scanned event can look its field up when it is needed and
/// no tree is built of the rest.
package protocol Bindings: Sendable {
    /// The value `name` stands for, or `nil` where it has none.
    func value(of name: String) -> Value?
}

/// Names bound to values that stand ready.
package struct Names: Bindings, Equatable {
    private var values: [String: Value]

    /// Binds every key of `values`.
    package init(_ values: [String: Value] = [:]) { self.values = values }

    /// The value a name stands for; setting `nil` unbinds it.
    package subscript(name: String) -> Value? {
        get { values[name] }
        set { values[name] = newValue }
    }

    /// The value a name is bound to.
    package func value(of name: String) -> Value? { values[name] }

    /// These names with `name` bound to `value` as well.
    package func with(_ name: String, _ value: Value) -> Names {
        var more = self
        more[name] = value
        return more
    }
}
