// SPDX-License-Identifier: Apache-2.0

/// Something that a measurement needs could not run; a slow time never is one.
struct BenchFailure: Error, CustomStringConvertible {
    let description: String

    init(_ sentence: String) { description = sentence }
}
