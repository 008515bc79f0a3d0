// SPDX-License-Identifier: Apache-2.0
import Glibc

/// The C library's allocator.
enum Allocator {
    /// `M_ARENA_MAX` of `mallopt`.
    private static let arenaMax: Int32 = -8
    /// `M_MMAP_THRESHOLD` of `mallopt`.
    private static let mmapThreshold: Int32 = -3

    /// Lets threads share one arena.
    ///
    /// Bodies come and go on several threads, and an arena for each would keep what the others could use again, a
    /// fifth of the memory of a busy host.
    static func share() {
        // Looked up, since the module map of the C library leaves malloc.h out; another C library may not have it.
        guard let found = dlsym(nil, "mallopt") else { return }
        typealias Option = @convention(c) (Int32, Int32) -> Int32
        let set = unsafeBitCast(found, to: Option.self)
        _ = set(arenaMax, 1)
        // Left to itself the threshold grows with the first large body that is freed; from then on bodies leave holes.
        _ = set(mmapThreshold, 128 << 10)
    }
}
