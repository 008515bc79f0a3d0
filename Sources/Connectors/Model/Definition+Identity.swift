// SPDX-License-Identifier: Apache-2.0

extension Definition {
    /// What tells one set-up from every other one; the same entries give the same text.
    ///
    /// `value` gives what was entered into a field. Where no service comes from a cloud, none is part of it.
    package func identity(cloud: String?, _ value: (String) -> String?) -> String {
        identity.map { $0 + "=" + (($0 == "cloud" ? cloud : value($0)) ?? "") }.joined(separator: "&")
    }

    /// The tenant, as records and people name it: the first part of the identity that is no cloud.
    package func tenant(_ value: (String) -> String?) -> String {
        identity.first { $0 != "cloud" }.flatMap(value) ?? ""
    }
}
