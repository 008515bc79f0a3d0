// SPDX-License-Identifier: Apache-2.0
package import Connectors

/// Where a person is in a flow: which step comes next, and which came before.
///
/// Pure; it asks and performs nothing.
package struct Conversation: Sendable, Equatable {
    package let flow: Flow
    /// The place of the present step; the number of steps once all is over.
    private(set) var place = 0
    /// The steps that a person came by and may go back to, the latest last.
    private var trail: [Int] = []

    /// Begins at the flow's first step.
    package init(_ flow: Flow) { self.flow = flow }

    /// The present step, or the first after it that applies; `nil` when the flow is over.
    package mutating func step(in names: any Bindings) -> FlowStep? {
        while place < flow.steps.count {
            let step = flow.steps[place]
            if step.when?.holds(in: names) ?? true { return step }
            place += 1
        }
        return nil
    }

    /// Goes on from the present step: where `outcome` leads, else to the one that follows.
    package mutating func go(on outcome: String? = nil, to target: String? = nil) {
        guard place < flow.steps.count else { return }
        let step = flow.steps[place]
        if step.isAsking, trail.last != place { trail.append(place) }
        // What is changed cannot be walked back over; taking it back is a matter of its own.
        if step.kind == .apply { trail = [] }
        if let target = target ?? outcome.flatMap({ step.next[$0] }), let there = flow.place(target) {
            // Who is sent back to an earlier question walks on from there anew.
            if there <= place { trail.removeAll { $0 >= there } }
            place = there
        } else {
            place += 1
        }
    }

    /// Goes to the last step at which something was asked; says whether there is one.
    package mutating func back(in names: any Bindings) -> Bool {
        while let last = trail.popLast() {
            guard last < place, flow.steps[last].when?.holds(in: names) ?? true else { continue }
            place = last
            return true
        }
        return false
    }
}
