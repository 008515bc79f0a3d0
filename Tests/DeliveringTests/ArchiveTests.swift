// SPDX-License-Identifier: Apache-2.0
import Delivering
import Testing

@Suite struct ArchiveTests {
    @Test func `a full disk says so`() {
        #expect(DeliveryFailure.diskFull(path: "/a").description.contains("disk is full"))
    }
}
