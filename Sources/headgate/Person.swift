// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Who gives the commands, as the system knows them.
enum Person {
    static var name: String {
        if let entry = getpwuid(getuid()) { return String(cString: entry.pointee.pw_name) }
        return String(getuid())
    }
}
