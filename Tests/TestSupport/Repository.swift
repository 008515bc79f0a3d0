// SPDX-License-Identifier: Apache-2.0
import Glibc

/// The project's own folders, found from where this file lies.
package enum Repository {
    /// The folder that holds Package.swift.
    package static let root: String = {
        let parts = #filePath.split(separator: "/").dropLast(3)
        return "/" + parts.joined(separator: "/")
    }()

    /// The shipped connector definitions.
    package static var connectors: String { root + "/connectors" }

    /// Recorded samples that some machines keep beside the project; `nil` elsewhere.
    package static var samples: String? {
        let folder = root + "/../shared/data"
        return access(folder, R_OK) == 0 ? folder : nil
    }
}
