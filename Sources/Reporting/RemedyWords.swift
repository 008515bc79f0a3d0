// SPDX-License-Identifier: Apache-2.0
package import Connectors

/// A remedy as a face shows it by itself.
package enum RemedyWords {
    /// Its lines in `style`, indented a little.
    package static func lines(_ remedy: Remedy, _ style: Style) -> [String] {
        let cause =
            remedy.cause.isEmpty
            ? [] : style.wrapped("why: \(remedy.cause)", indent: "     ", hanging: "     ")
        return cause + RemedyText.lines(remedy, style: style, indent: "     ")
    }
}
