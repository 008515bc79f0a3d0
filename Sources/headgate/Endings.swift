// SPDX-License-Identifier: Apache-2.0

/// Which exit code an error of the house means.
enum Endings {
    static func exit(for error: any Error) -> Exit {
        .fault
    }
}
