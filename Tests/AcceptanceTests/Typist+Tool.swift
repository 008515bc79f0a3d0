// SPDX-License-Identifier: Apache-2.0
import TestSupport

extension Typist {
    /// A person in front of the built command with `tool`'s home.
    convenience init(_ tool: Tool, _ arguments: [String], environment more: [String: String] = [:]) throws {
        var variables = ["HEADGATE_HOME": tool.home].merging(tool.environment) { _, given in given }
        variables.merge(more) { _, given in given }
        try self.init(Tool.path, arguments, environment: variables)
    }
}
