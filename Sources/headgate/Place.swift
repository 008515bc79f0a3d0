// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Where this run keeps its state and where the definitions lie.
struct Place: Sendable {
    /// The folder of all state, absolute.
    let home: String
    /// The folder that holds `connectors/` and `wizard/`, if one was found.
    let share: String?

    /// `home` is what `--home` says, else HEADGATE_HOME, else below XDG_STATE_HOME or `~/.local/state`.
    init(home given: String?, environment: (String) -> String? = Place.variable) throws {
        if let given {
            guard !given.isEmpty else { throw Stop(.usage, "--home is empty: name a folder.") }
            home = Self.absolute(given)
        } else if let named = environment("HEADGATE_HOME"), !named.isEmpty {
            home = Self.absolute(named)
        } else if let state = environment("XDG_STATE_HOME"), state.hasPrefix("/") {
            home = state + "/headgate"
        } else if let user = environment("HOME"), user.hasPrefix("/") {
            home = user + "/.local/state/headgate"
        } else {
            throw Stop(.usage, "Nothing says where state should live: give --home DIR or set HEADGATE_HOME.")
        }
        share = Self.findShare(environment: environment)
    }

    /// The shipped definitions.
    func connectors() throws -> String {
        guard let share, access(share + "/connectors", R_OK | X_OK) == 0 else {
            throw Stop(
                .refused,
                "The folder of connector definitions was not found"
                    + (share.map { " at \($0)/connectors" } ?? " beside the program")
                    + ". Install Headgate with `make install`, or set HEADGATE_SHARE to the folder that holds connectors/."
            )
        }
        return share + "/connectors"
    }

    /// The shipped flows.
    func wizard() throws -> String {
        guard let share else { return try connectors() }
        return share + "/wizard"
    }

    static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    /// HEADGATE_SHARE, else `share/headgate` beside the program's `bin`, else the package that built the program.
    ///
    /// Never the working directory: a definition decides where credentials go.
    private static func findShare(environment: (String) -> String?) -> String? {
        if let named = environment("HEADGATE_SHARE"), !named.isEmpty { return absolute(named) }
        guard let program else { return nil }
        let folders = program.split(separator: "/").dropLast()
        if folders.last == "bin" {
            let installed = "/" + (folders.dropLast() + ["share", "headgate"]).joined(separator: "/")
            if access(installed + "/connectors", R_OK) == 0 { return installed }
        }
        guard let build = folders.lastIndex(of: ".build") else { return nil }
        return "/" + folders[..<build].joined(separator: "/")
    }

    /// The running program's own file, links resolved.
    static var program: String? {
        guard let path = realpath("/proc/self/exe", nil) else { return nil }
        defer { free(path) }
        return String(cString: path)
    }

    /// `path` from the root, for what must mean the same from another folder.
    static func absolute(_ path: String) -> String {
        if path.hasPrefix("/") { return path }
        guard let folder = getcwd(nil, 0) else { return path }
        defer { free(folder) }
        return String(cString: folder) + "/" + path
    }
}
