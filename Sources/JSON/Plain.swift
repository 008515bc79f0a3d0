// SPDX-License-Identifier: Apache-2.0

#if arch(x86_64) && canImport(_Builtin_intrinsics.intel.sse2)
import _Builtin_intrinsics.intel.sse2
#endif

/// Bytes that a string may hold as they are and that end or begin nothing: ASCII without quote, backslash and controls.
///
/// Looked at 32 at a time, so that most strings are passed without a branch that depends on their length. The types
/// of the comparisons are written out: left to inference they become the operators that go lane by lane.
package enum Plain {
    /// How many bytes are looked at together.
    package static let width = 32

    /// How many plain bytes stand at `start` before the first other one; there must be ``width`` bytes.
    @inline(__always)
    package static func run(_ start: UnsafeRawPointer) -> Int {
        #if arch(x86_64) && canImport(_Builtin_intrinsics.intel.sse2)
        let near = UInt32(
            truncatingIfNeeded: _mm_movemask_epi8(unsafeBitCast(others(start), to: __m128i.self))
        )
        let far = UInt32(
            truncatingIfNeeded: _mm_movemask_epi8(unsafeBitCast(others(start + 16), to: __m128i.self))
        )
        return (near | far &<< 16).trailingZeroBitCount
        #else
        return portableRun(start)
        #endif
    }

    /// The same as ``run(_:)`` on any processor.
    @inline(__always)
    package static func portableRun(_ start: UnsafeRawPointer) -> Int {
        let near = quarters(others(start)).trailingZeroBitCount &>> 2
        let far = quarters(others(start + 16)).trailingZeroBitCount &>> 2
        // Without a branch: the far half counts only where the near one, being all plain, gives sixteen.
        return near &+ (far & (0 &- (near &>> 4)))
    }

    /// The lanes of sixteen bytes that are not plain.
    @inline(__always)
    private static func others(_ start: UnsafeRawPointer) -> SIMDMask<SIMD16<Int8>> {
        let bytes = start.loadUnaligned(as: SIMD16<UInt8>.self)
        // Read with a sign, bytes beyond ASCII are below the control characters.
        let signed = unsafeBitCast(bytes, to: SIMD16<Int8>.self)
        let quotes: SIMDMask<SIMD16<Int8>> = bytes .== SIMD16<UInt8>(repeating: 0x22)
        let escapes: SIMDMask<SIMD16<Int8>> = bytes .== SIMD16<UInt8>(repeating: 0x5C)
        let beyond: SIMDMask<SIMD16<Int8>> = signed .< SIMD16<Int8>(repeating: 0x20)
        return quotes .| escapes .| beyond
    }

    /// Four bits of each lane, the first lane in the lowest.
    @inline(__always)
    private static func quarters(_ lanes: SIMDMask<SIMD16<Int8>>) -> UInt64 {
        let pairs = unsafeBitCast(lanes, to: SIMD8<UInt16>.self) &>> 4
        return unsafeBitCast(SIMD8<UInt8>(truncatingIfNeeded: pairs), to: UInt64.self)
    }
}
